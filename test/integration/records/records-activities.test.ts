import { createRecordsActivities, type LockSignals } from '@gennaker/activities';
import {
  clusterLockWorkflowId,
  taskQueues,
  workflowTypes,
  type RecordsActivities,
} from '@gennaker/contract/wire';
import { foldExecutionEvents, type EventRecord } from '@gennaker/domain';
import { createLogger } from '@gennaker/platform';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestNamespace } from '../../support/services/test-namespace.js';
import {
  openTestStore,
  someExecution,
  somePipeline,
  someRecord,
  someTime,
  type TestStore,
} from '../store/test-store.js';

let test: TestStore;
let connection: Connection;
let client: Client;
let activities: RecordsActivities;
beforeAll(async () => {
  const { address, namespace } = await createTestNamespace();
  [test, connection] = await Promise.all([openTestStore(), Connection.connect({ address })]);
  client = new Client({ connection, namespace });
  activities = activitiesWith(client.workflow);
});
afterAll(async () => {
  await connection.close();
  await test.close();
});

function activitiesWith(workflows: LockSignals): RecordsActivities {
  return createRecordsActivities({
    store: test.store,
    workflows,
    clock: { now: () => someTime },
    logger: createLogger({ name: 'test', level: 'error' }),
  });
}

async function created(): Promise<string> {
  const execution = someExecution();
  const pipeline = somePipeline();
  await test.store.executions.createExecution({
    execution,
    pipeline,
    idempotency: null,
    now: someTime,
  });
  return execution.executionId;
}

const started: EventRecord = {
  key: 'w:1:0',
  at: someTime.toISOString(),
  event: { kind: 'execution.started', runId: 'run-1' },
};

describe('openRun', () => {
  it('gives the definition and the state that the events fold into', async () => {
    const executionId = await created();
    const first = await activities.openRun({ executionId, generation: 1, runId: 'run-1' });
    expect(first).toMatchObject({ outcome: 'opened', state: { status: 'NOT_STARTED' } });
    await activities.recordEvents({ executionId, generation: 1, events: [started] });
    expect(await activities.openRun({ executionId, generation: 2, runId: 'run-2' })).toEqual({
      outcome: 'opened',
      pipeline: somePipeline(),
      state: foldExecutionEvents(await test.store.events.readEvents(executionId, 0, 10)),
    });
    expect(await activities.openRun({ executionId, generation: 2, runId: 'late' })).toEqual({
      outcome: 'superseded',
      generation: 2,
    });
  });

  it('fails for good where there is no such execution', async () => {
    const opening = activities.openRun({ executionId: 'nobody', generation: 1, runId: 'r' });
    await expect(opening).rejects.toMatchObject({
      type: 'EXECUTION_NOT_FOUND',
      nonRetryable: true,
    });
  });
});

describe('recordEvents', () => {
  it('fails for good when a newer run has taken over', async () => {
    const executionId = await created();
    await activities.openRun({ executionId, generation: 1, runId: 'run-1' });
    await activities.openRun({ executionId, generation: 2, runId: 'run-2' });
    const late = activities.recordEvents({ executionId, generation: 1, events: [started] });
    await expect(late).rejects.toMatchObject({ type: 'SUPERSEDED', nonRetryable: true });
  });

  it('takes more than one write of the store may hold, and keeps the order', async () => {
    const executionId = await created();
    await activities.openRun({ executionId, generation: 1, runId: 'run-1' });
    const reason = 'x'.repeat(2_000);
    const events = Array.from({ length: 720 }, (_, n) =>
      someRecord(`w:1:${n}`, { event: { kind: 'engine.stalled', reason } }),
    );
    await activities.recordEvents({ executionId, generation: 1, events });
    const stored = await test.store.events.readEvents(executionId, 1, 1000);
    expect(stored.map(({ key }) => key)).toEqual(events.map(({ key }) => key));
  });
});

describe('requestLock', () => {
  const cluster = { account: 'prod', region: 'eu-west-1', cluster: 'web-prod' };
  const lockWorkflowId = clusterLockWorkflowId(cluster);
  const claim = { lockWorkflowId, resource: 'cluster web-prod', claim: 'deploy', ticket: '1:1' };

  it('starts the lock once and signals each claim to the one that runs', async () => {
    await activities.requestLock({ ...claim, executionId: 'first' });
    await activities.requestLock({ ...claim, executionId: 'second', urgent: true });
    const history = await client.workflow.getHandle(lockWorkflowId).fetchHistory();
    const [begin, ...rest] = history.events ?? [];
    expect(begin?.workflowExecutionStartedEventAttributes).toMatchObject({
      workflowType: { name: workflowTypes.lock },
      taskQueue: { name: taskQueues.engine },
      workflowTaskTimeout: { seconds: expect.objectContaining({ low: 5 }) as unknown },
    });
    expect(payloads(begin?.workflowExecutionStartedEventAttributes?.input)).toEqual([
      { inputVersion: 1, resource: 'cluster web-prod' },
    ]);
    const signals = rest.flatMap((event) => {
      const signal = event.workflowExecutionSignaledEventAttributes;
      return signal ? [[signal.signalName, ...payloads(signal.input)]] : [];
    });
    const asked = { claim: 'deploy', ticket: '1:1', since: someTime.toISOString() };
    expect(signals).toEqual([
      ['requestLock', { ...asked, executionId: 'first' }],
      ['requestLock', { ...asked, executionId: 'second', urgent: true }],
    ]);
  });

  it('is tried again when Temporal does not answer', async () => {
    const away = Connection.lazy({ address: '127.0.0.1:1', connectTimeout: 200 });
    const { workflow } = new Client({ connection: away });
    const asking = activitiesWith(workflow).requestLock({ ...claim, executionId: 'third' });
    await expect(asking).rejects.toMatchObject({
      type: 'SERVICE_UNAVAILABLE',
      nonRetryable: false,
    });
    await away.close();
  });
});

function payloads(input: { payloads?: { data?: Uint8Array | null }[] | null } | null | undefined) {
  return (input?.payloads ?? []).map(
    ({ data }) => JSON.parse(Buffer.from(data ?? []).toString()) as unknown,
  );
}
