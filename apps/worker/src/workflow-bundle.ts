import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundleWorkflowCode } from '@temporalio/worker';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const bundleFolder = join(here, '..', 'bundle');

/** Where the built bundle lies: one file, made by `npm run build`, the same for worker and replay tests. */
export const workflowBundlePath = join(bundleFolder, 'workflows.js');
const fingerprintPath = join(bundleFolder, 'workflows.sha256');

/**
 * Builds the workflow bundle from the built rooms, unless what it is made of has not changed since the last build.
 * Returns whether it built. Throws what the bundler throws (a forbidden import, a syntax error).
 */
export async function buildWorkflowBundle(): Promise<boolean> {
  const entry = require.resolve('@gennaker/workflows');
  const fingerprint = await fingerprintOf([
    dirname(entry),
    dirname(require.resolve('@gennaker/domain')),
    dirname(require.resolve('@gennaker/contract/wire')),
  ]);
  const known = existsSync(fingerprintPath) ? readFileSync(fingerprintPath, 'utf8') : '';
  if (known === fingerprint && existsSync(workflowBundlePath)) return false;
  await mkdir(bundleFolder, { recursive: true });
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: quiet });
  await writeFile(`${workflowBundlePath}.new`, code);
  await rename(`${workflowBundlePath}.new`, workflowBundlePath);
  await writeFile(fingerprintPath, fingerprint);
  return true;
}

async function fingerprintOf(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  hash.update(readFileSync(require.resolve('@temporalio/worker/package.json')));
  for (const folder of folders) {
    const names = (await readdir(folder, { recursive: true })).filter((name) =>
      name.endsWith('.js'),
    );
    for (const name of names.toSorted()) {
      hash.update(name);
      hash.update(await readFile(join(folder, name)));
    }
  }
  return hash.digest('hex');
}

const nothing = (): void => undefined;
const quiet = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
