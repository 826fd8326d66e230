import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { deployStage } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
});

function attemptOf(id: string) {
  return engine.records.state(id).stages[0]?.attempts[0];
}

function called(activity: string): readonly string[] {
  return engine.aws.calls.filter((call) => call.startsWith(`${activity} `));
}

test('a failed group is kept out of traffic, held as it is, tagged, and named', async () => {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  const id = await engine.execute([deployStage({ stack: 'kept', onFailure: 'keepDisabled' })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(called('disableServerGroup')).toHaveLength(1);
  expect(called('changeServerGroupProcesses')[0]).toContain(
    '-AZRebalance,AlarmNotification,ScheduledActions,InstanceRefresh +',
  );
  expect(called('changeServerGroupTags')[0]).toMatch(/gennaker:kept.*gennaker:expires/s);
  for (const destroying of ['deleteServerGroup', 'deleteLaunchTemplate'] as const) {
    expect(called(destroying)).toEqual([]);
  }
  expect(attemptOf(id)?.summary?.undone).toEqual([
    expect.stringMatching(/^Destroy web-prod-v\d+, or keep .*kept out of traffic with 3 instances/),
  ]);
  expect(engine.records.state(id).needsAttention).toBeNull();
});

test('one that was late is kept too, and the retry makes another one beside it', async () => {
  void engine.aws.waits('awaitServerGroupHealthy');
  const late = deployStage({ stack: 'late', onFailure: 'keepDisabled', timeoutSeconds: 2 });
  const id = await engine.execute([late]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(called('changeServerGroupTags')).toHaveLength(1);
  engine.aws.before.clear();
  await engine.retry(id, 'deploy');
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(called('createServerGroup')).toHaveLength(2);
  expect(called('deleteServerGroup')).toEqual([]);
});

test('a cancel destroys it', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([deployStage({ stack: 'cancel', onFailure: 'keepDisabled' })]);
  await waiting;
  await engine.cancel(id, 'rollback');
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(called('deleteServerGroup')).toHaveLength(1);
  expect(called('changeServerGroupTags')).toEqual([]);
});

test('one that cannot be taken out of traffic asks for a person, and is kept once that works', async () => {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  engine.aws.fails('disableServerGroup', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack: 'stuck', onFailure: 'keepDisabled' })]);
  await engine.result(id);
  expect(engine.records.state(id).needsAttention?.remaining).toHaveLength(1);
  engine.aws.before.clear();
  await engine.resolve(id, 'retryUndo');
  await engine.result(id);
  expect(engine.records.state(id).needsAttention).toBeNull();
  expect(called('changeServerGroupTags')).toHaveLength(1);
  expect(called('deleteServerGroup')).toEqual([]);
});
