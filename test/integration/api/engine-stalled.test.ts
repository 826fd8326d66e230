import { readFile } from 'node:fs/promises';

import { taskQueues } from '@gennaker/contract/wire';
import { workflowBundlePath } from '@gennaker/worker';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { startEngine } from './support/engine-under-test.js';
import { waitingDefinition } from './support/pipelines.js';

let under: ApiUnderTest;
beforeAll(async () => {
  under = await startApiUnderTest();
});
afterAll(() => under.close());

/** A worker of a release whose workflow would have called another activity first. */
async function startOtherRelease(): Promise<() => Promise<void>> {
  const { address, namespace } = under.temporal;
  const connection = await NativeConnection.connect({ address });
  const code = (await readFile(workflowBundlePath, 'utf8')).replaceAll('.openRun(', '.openTheRun(');
  const taskQueue = taskQueues.engine;
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: { code },
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}

test('an execution that no worker can replay says so, until one can', async () => {
  const [stage] = waitingDefinition.stages;
  const stages = [{ ...stage, waitSeconds: 3600 }];
  const started = await under.post('/v1/executions', { ...waitingDefinition, stages });
  const id = String(started.body['executionId']);
  const stalled = async (): Promise<unknown> => {
    await under.api.sweep();
    return (await under.get(`/v1/executions/${id}`)).body['engineStalled'];
  };
  const right = await startEngine(under);
  await expect
    .poll(async () => (await under.get(`/v1/executions/${id}`)).body['status'])
    .toBe('RUNNING');
  await right.stop();

  const stopOther = await startOtherRelease();
  await nudge(id);
  const patience = { timeout: 60_000, interval: 500 };
  await expect.poll(stalled, patience).toContain('No worker can go on with this execution');
  const { position } = (await under.get(`/v1/executions/${id}`)).body;
  await Promise.all([under.api.sweep(), under.api.sweep()]);
  expect((await under.get(`/v1/executions/${id}`)).body['position']).toBe(position);
  await stopOther();

  const back = await startEngine(under);
  await expect.poll(stalled, patience).toBeNull();
  const handle = back.client.workflow.getHandle(id);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await handle.terminate('the test is over');
  await back.stop();
}, 150_000);

/** Something for the run to do: a worker looks at its history only then. */
async function nudge(id: string): Promise<void> {
  const { address, namespace } = under.temporal;
  const connection = await Connection.connect({ address });
  await new Client({ connection, namespace }).workflow.getHandle(id).signal('nudge');
  await connection.close();
}
