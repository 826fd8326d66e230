import type { DeployPlan, EventRecord, ExecutionEvent, UndoEntry } from '@gennaker/domain';
import { newExecutionId } from '@gennaker/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestStore, someTime, type TestStore } from './test-store.js';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

interface Deploy {
  readonly cluster: string;
  readonly source: string;
  readonly target: string;
  readonly status?: 'SUCCEEDED' | 'TERMINAL' | 'RUNNING';
  readonly strategy?: DeployPlan['strategy'];
  /** The minimum that the deploy had pinned its source at, before it captured it. */
  readonly pinnedMin?: number;
}

const place = { account: 'demo', region: 'eu-west-1' };
const capacity = { min: 1, desired: 4, max: 8 };

/** An execution of one stage, as its events tell it. */
async function deploy(deployed: Deploy): Promise<string> {
  const executionId = newExecutionId();
  const stage = { refId: 'deploy', name: 'Deploy', type: 'deploy', requisiteStageRefIds: [] };
  await test.store.executions.createExecution({
    execution: {
      executionId,
      application: 'web',
      pipelineName: 'p',
      pipelineVersion: null,
      createdBy: 'test',
      stages: [stage],
    },
    pipeline: { schemaVersion: 1, application: 'web', name: 'p', stages: [] },
    idempotency: null,
    now: someTime,
  });
  await test.store.executions.openRun({ executionId, generation: 1, runId: 'run' });
  const events = eventsOf(deployed).map((event, index): EventRecord => ({
    key: `w:1:${index}`,
    at: someTime.toISOString(),
    event,
  }));
  await test.store.events.recordEvents({ executionId, generation: 1, events });
  const plan = { cluster: { ...place, cluster: deployed.cluster }, executionId, attempt: 1 };
  await test.store.history.recordPlan({ ...plan, stage: 'deploy' });
  await test.store.history.recordPlan({ ...plan, stage: 'deploy' });
  return executionId;
}

function eventsOf(deployed: Deploy): readonly ExecutionEvent[] {
  const { status = 'SUCCEEDED', source } = deployed;
  const of = { refId: 'deploy', attempt: 1 } as const;
  const entry: UndoEntry = {
    id: `disable:${source}`,
    operation: 'enableServerGroup',
    title: `Enable ${source}`,
    subject: { ...place, serverGroup: source },
    restore: {
      capacity,
      suspendedProcesses: [],
      targetGroupArns: [],
      registered: {},
      instancesInService: 4,
      owner: null,
    },
  };
  const { pinnedMin } = deployed;
  const pin: UndoEntry = {
    id: `pin:${source}`,
    operation: 'unpinServerGroup',
    title: `Unpin ${source}`,
    subject: entry.subject,
    arn: null,
    recorded: capacity,
    pinnedMin: pinnedMin ?? 0,
  };
  const pinned = { ...entry.restore, capacity: { ...capacity, min: pinnedMin ?? capacity.min } };
  const recorded = pinnedMin === undefined ? [entry] : [pin, { ...entry, restore: pinned }];
  const finished: ExecutionEvent[] =
    status === 'RUNNING'
      ? []
      : [{ ...of, kind: 'stage.finished', status, outputs: {}, error: null, summary: null }];
  return [
    { ...of, kind: 'stage.started', deadline: someTime.toISOString() },
    { ...of, kind: 'stage.planned', plan: planOf(deployed) },
    ...recorded.map((one): ExecutionEvent => ({ ...of, kind: 'undo.recorded', entry: one })),
    ...finished,
  ];
}

function planOf({ cluster, source, target, strategy = 'redBlack' }: Deploy): DeployPlan {
  return {
    planVersion: 2,
    strategy,
    cluster: { ...place, cluster },
    source: { serverGroup: source, arn: `arn:${source}`, imageId: null },
    target: {
      serverGroup: target,
      imageId: 'ami-1',
      capacity,
      targetHealthyPercent: 100,
      subnetIds: [],
      targetGroupArns: [],
      suspendedProcesses: [],
      healthCheckType: 'EC2',
      healthCheckGraceSeconds: 0,
      cooldownSeconds: 0,
      terminationPolicies: [],
      tags: [],
      launchTemplate: {
        clonedFrom: null,
        instanceType: null,
        securityGroupIds: null,
        keyName: null,
        iamInstanceProfile: null,
      },
    },
    disables: [source],
    observedServerGroups: [source],
    steps: [],
    warnings: [],
  };
}

const lastDeploy = (cluster: string) => test.store.history.findLastDeploy({ ...place, cluster });

describe('the last deploy of a cluster', () => {
  it('is the newest that has succeeded: none that failed, none under way, no rollback', async () => {
    const cluster = 'last-a';
    await deploy({ cluster, source: 'v0', target: 'v1' });
    const executionId = await deploy({ cluster, source: 'v1', target: 'v2' });
    await deploy({ cluster, source: 'v2', target: 'v3', status: 'TERMINAL' });
    await deploy({ cluster, source: 'v2', target: 'v4', status: 'RUNNING' });
    await deploy({ cluster, source: 'v2', target: 'v1', strategy: 'rollback' });
    await deploy({ cluster: 'last-b', source: 'v7', target: 'v8' });
    expect(await lastDeploy(cluster)).toMatchObject({
      executionId,
      plan: { source: { serverGroup: 'v1' }, target: { serverGroup: 'v2' } },
    });
  });

  it('is none where nothing was deployed', async () => {
    expect(await lastDeploy('last-none')).toBeUndefined();
  });
});

describe('what a server group was like', () => {
  it('is what the newest plan that took it out of traffic has captured', async () => {
    const cluster = 'state-a';
    const executionId = await deploy({ cluster, source: 'v0', target: 'v1' });
    await deploy({ cluster, source: 'v1', target: 'v2' });
    const found = await test.store.history.findRecordedState({ ...place, cluster }, 'v0');
    expect(found).toMatchObject({ executionId, restore: { capacity, instancesInService: 4 } });
    const unknown = await test.store.history.findRecordedState({ ...place, cluster }, 'v9');
    expect(unknown).toBeUndefined();
  });

  it("has its own minimum, not that of the deploy's pin", async () => {
    const cluster = 'state-pinned';
    await deploy({ cluster, source: 'v0', target: 'v1', pinnedMin: 4 });
    const found = await test.store.history.findRecordedState({ ...place, cluster }, 'v0');
    expect(found?.restore.capacity).toEqual(capacity);
  });
});

describe('the key of a request', () => {
  it('stands for what it was first claimed for, for the same body only', async () => {
    const idempotency = { scope: 'rollbacks', key: 'k', bodyHash: 'a' };
    const now = someTime;
    const { keys } = test.store;
    expect(await keys.find({ idempotency, now })).toBeUndefined();
    expect(await keys.claim({ idempotency, outcome: { executionId: 'E' }, now })).toBeNull();
    const again = { sameBody: true, outcome: { executionId: 'E' } };
    expect(await keys.claim({ idempotency, outcome: { executionId: 'F' }, now })).toEqual(again);
    expect(await keys.find({ idempotency, now })).toEqual(again);
    const other = { ...idempotency, bodyHash: 'b' };
    expect(await keys.find({ idempotency: other, now })).toMatchObject({ sameBody: false });
  });

  it('is free again once it has expired', async () => {
    const idempotency = { scope: 'rollbacks', key: 'old', bodyHash: 'a' };
    const { keys } = test.store;
    await keys.claim({ idempotency, outcome: { executionId: 'E' }, now: someTime });
    const later = new Date(someTime.getTime() + 8 * 24 * 3600 * 1000);
    expect(await keys.find({ idempotency, now: later })).toBeUndefined();
  });
});
