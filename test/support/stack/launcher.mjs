/* The real launcher, as main.ts runs it, with programs of the test's in place of ours. */
import { fileURLToPath } from 'node:url';

import { runCommandLine } from '@gennaker/stack';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  findPrograms: () => ({
    standIn: here('stand-in.mjs'),
    seed: here('seed.mjs'),
    api: here(process.env.TEST_API ?? 'api.mjs'),
    worker: here('worker.mjs'),
  }),
});
