import type { PlannedScaling } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';
import { deployStage } from '../../support/engine/stages.js';

const scaling: PlannedScaling = {
  policies: [{ name: 'step', type: 'StepScaling', members: {} }],
  alarms: [
    {
      name: 'web-prod-high',
      copiedFrom: 'high',
      members: {},
      actions: { alarm: [{ policy: 'step' }], ok: [], insufficientData: [] },
      tags: {},
    },
  ],
  scheduledActions: [],
  warmPool: null,
};

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
  engine.aws.scaling = scaling;
});

function activities(): readonly (string | undefined)[] {
  return engine.aws.calls.map((call) => call.split(' ')[0]);
}

test('scaling is attached once the new group is healthy, and released once the switch is verified', async () => {
  const id = await engine.execute([deployStage()]);
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  const called = activities();
  expect(called.indexOf('attachScaling')).toBe(called.indexOf('awaitServerGroupHealthy') + 1);
  expect(called.indexOf('attachScaling')).toBeLessThan(called.indexOf('disableServerGroup'));
  expect(called.at(-1)).toBe('releaseScaling');
  const steps = engine.records.state(id).stages[0]?.attempts[0]?.steps ?? [];
  expect(steps.find(({ stepId }) => stepId === 'attachScaling')?.outputs).toEqual({
    policies: ['step'],
    alarms: ['web-prod-high'],
    scheduledActions: [],
    over: [],
  });
});

test('the alarms to delete are recorded before the group is made, and go before it', async () => {
  engine.aws.fails('attachScaling', 'AWS_DENIED');
  const id = await engine.execute([deployStage()]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const [undo] = engine.records.state(id).stages[0]?.attempts[0]?.undo ?? [];
  expect(undo).toMatchObject({
    status: 'done',
    entry: { operation: 'destroyServerGroup', alarmNames: ['web-prod-high'] },
  });
  expect(activities().slice(-6)).toEqual([
    'disableServerGroup',
    'awaitServerGroupDrained',
    'deleteServerGroupAlarms',
    'deleteServerGroup',
    'awaitServerGroupGone',
    'deleteLaunchTemplate',
  ]);
});

test('an undo that may not delete the alarms asks for a person, and names them', async () => {
  engine.aws.fails('attachScaling', 'AWS_DENIED');
  engine.aws.fails('deleteServerGroupAlarms', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack: 'alarms' })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const lines = engine.records.state(id).needsAttention?.remaining[0]?.awsCommandLines ?? [];
  expect(lines.at(-2)).toContain("delete-alarms --region eu-west-1 --alarm-names 'web-prod-high'");
});

test('a deploy without alarms asks for none to be deleted', async () => {
  engine.aws.scaling = null;
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  const id = await engine.execute([deployStage({ stack: 'plain' })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(activities()).toContain('deleteServerGroup');
  expect(activities()).not.toContain('deleteServerGroupAlarms');
});
