import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

import { EngineHarness } from '../support/engine/engine-harness.js';
import { deployStage, failingStage, findImageStage, waitStage } from '../support/engine/stages.js';
import { startServices } from '../support/services/start-services.js';

/**
 * Records the golden histories of this release: `npm run histories -- <release>`. Run it once when a release is made;
 * a history that has been released is never recorded again.
 */
const release = process.argv[2] ?? '';
if (!/^\d+\.\d+$/.test(release)) throw new Error('which release? e.g. npm run histories -- 0.1');
// From test/dist/replay to test/replay.
const folder = path.resolve(import.meta.dirname, '../../replay/histories');

const story = [
  findImageStage('find'),
  deployStage({ image: { fromStage: 'find' } }, ['find']),
  waitStage('settle', 1, ['deploy']),
];

type Scene = (engine: EngineHarness) => Promise<string>;

const scenes: Readonly<Record<string, Scene>> = {
  'red-black': async (engine) => {
    const id = await engine.execute(story);
    await engine.result(id);
    return id;
  },
  'failed-and-undone': async (engine) => {
    engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
    const id = await engine.execute(story);
    await engine.result(id);
    return id;
  },
  'retried-after-the-end': async (engine) => {
    engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
    const id = await engine.execute(story);
    await engine.result(id);
    engine.aws.before.clear();
    await engine.retry(id, 'deploy');
    await engine.result(id);
    return id;
  },
  'cancelled-with-rollback': async (engine) => {
    const waiting = engine.aws.waits('awaitServerGroupDrained');
    const id = await engine.execute([deployStage()]);
    await waiting;
    engine.aws.before.clear();
    await engine.cancel(id, 'rollback');
    await engine.result(id);
    return id;
  },
  'needs-attention': async (engine) => {
    engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
    engine.aws.fails('deleteServerGroup', 'AWS_DENIED');
    const id = await engine.execute([deployStage({ stack: 'attention' })]);
    await engine.result(id);
    return id;
  },
  'stage-deadline': async (engine) => {
    void engine.aws.waits('awaitServerGroupHealthy');
    const id = await engine.execute([deployStage({ timeoutSeconds: 2 })]);
    await engine.result(id);
    return id;
  },
  'failure-stops-siblings': async (engine) => {
    const id = await engine.execute([waitStage('long', 3600), failingStage('bad')]);
    await engine.result(id);
    return id;
  },
  'continued-as-new': async (engine) => {
    engine.historyEventsMax = 60;
    const id = await engine.execute([waitStage('beside', 3), ...story]);
    await engine.result(id);
    engine.historyEventsMax = undefined;
    return id;
  },
};

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
  engine.aws.before.clear();
  const id = await scene(engine);
  const history = await engine.client.workflow.getHandle(id).fetchHistory();
  const file = path.join(folder, `${release}-${name}.json`);
  await writeFile(file, `${withoutTraces(historyToJSON(history))}\n`);
  process.stdout.write(`${path.basename(file)}: ${history.events?.length ?? 0} events\n`);
}
await engine.stop();
await services.close();
