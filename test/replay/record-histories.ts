import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

import { EngineHarness } from '../support/engine/engine-harness.js';
import { startServices } from '../support/services/start-services.js';
import { scenes } from './scenes.js';

/**
 * Records the golden histories of this release: `npm run histories -- <release>`. A history that is there is never
 * recorded again, so that a scene which comes later is added to the others.
 */
const release = process.argv[2] ?? '';
if (!/^\d+\.\d+$/.test(release)) throw new Error('which release? e.g. npm run histories -- 0.1');
// From test/dist/replay to test/replay.
const folder = path.resolve(import.meta.dirname, '../../replay/histories');

/** Stack traces and process names say where it was recorded and nothing about what happened. */
function withoutTraces(json: string): string {
  const anonymous = (key: string, value: unknown): unknown =>
    ['stackTrace', 'identity', 'binaryChecksum'].includes(key) ? '' : value;
  return JSON.stringify(JSON.parse(json, anonymous), null, 1);
}

const services = await startServices();
const engine = await EngineHarness.start({
  address: services.temporalAddress,
  namespace: 'default',
});
for (const [name, scene] of Object.entries(scenes)) {
  const file = path.join(folder, `${release}-${name}.json`);
  if (existsSync(file)) continue;
  engine.aws.before.clear();
  const id = await scene(engine);
  const history = await engine.client.workflow.getHandle(id).fetchHistory();
  await writeFile(file, `${withoutTraces(historyToJSON(history))}\n`);
  process.stdout.write(`${path.basename(file)}: ${history.events?.length ?? 0} events\n`);
}
await engine.stop();
await services.close();
