import type { PlanStep } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { deployStage } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());

const place = { account: 'demo', region: 'eu-west-1' };
const guard = { serverGroup: 'web-prod-v001', instancesHealthyMin: 3 };
const scaleDown: PlanStep = {
  id: 'scaleDown:web-prod-v000',
  operation: 'scaleDownServerGroup',
  title: 'Scale web-prod-v000 down to 0/0/3',
  subject: { ...place, serverGroup: 'web-prod-v000' },
  arn: 'arn:web-prod-v000',
  capacity: { min: 0, desired: 0, max: 3 },
  guard,
  teardown: true,
};
const destroy: PlanStep = {
  id: 'destroy:web-prod-v090',
  operation: 'destroyServerGroup',
  title: 'Destroy web-prod-v090 (cannot be undone)',
  subject: { ...place, serverGroup: 'web-prod-v090' },
  arn: 'arn:web-prod-v090',
  owner: { executionId: '01K0000000000000000000000A', stage: 'deploy' },
  guard,
  teardown: true,
};

beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
  engine.aws.moreSteps = [scaleDown, destroy];
});

function attemptOf(id: string) {
  return engine.records.state(id).stages[0]?.attempts[0];
}

/** What came behind the last look at the switch. */
function torn(): readonly string[] {
  const from = engine.aws.calls.findLastIndex((call) => call.startsWith('readCluster'));
  return engine.aws.calls.slice(from + 1);
}

test('the old group is scaled down and the surplus one destroyed, with what was made for it', async () => {
  const id = await engine.execute([deployStage()]);
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(torn()).toEqual([
    'changeServerGroupSize web-prod-v000',
    'changeServerGroupProcesses web-prod-v000 - +Terminate',
    'awaitServerGroupShrunk web-prod-v000',
    'changeServerGroupProcesses web-prod-v000 -Terminate +',
    'destroyServerGroup web-prod-v090',
    'awaitServerGroupGone web-prod-v090',
    'deleteServerGroupAlarms web-prod-v090',
    'deleteLaunchTemplate web-prod-v090',
  ]);
  expect(attemptOf(id)?.outputs).not.toHaveProperty('notDone');
});

test('what fails of it is told, the rest is done, and the switch stays', async () => {
  engine.aws.fails('changeServerGroupSize', 'AWS_DENIED');
  const id = await engine.execute([deployStage()]);
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(torn()[0]).toBe('destroyServerGroup web-prod-v090');
  expect(attemptOf(id)).toMatchObject({
    status: 'SUCCEEDED',
    outputs: { notDone: [`${scaleDown.title}: changeServerGroupSize was made to fail`] },
  });
  const step = attemptOf(id)?.steps.find(({ stepId }) => stepId === scaleDown.id);
  expect(step).toMatchObject({ status: 'TERMINAL', error: { code: 'AWS_DENIED' } });
  expect(engine.aws.calls.some((call) => call.startsWith('deleteServerGroup web'))).toBe(false);
});

test('the end of its time ends it, and not the switch', async () => {
  void engine.aws.waits('awaitServerGroupShrunk');
  // 15 s before the deadline it is cancelled, so that the deadline itself never undoes the switch.
  const id = await engine.execute([deployStage({ timeoutSeconds: 19 })]);
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(attemptOf(id)?.outputs['notDone']).toEqual([
    `${scaleDown.title}: the time of the stage was up`,
    `${destroy.title}: the time of the stage was up`,
  ]);
});

test.each([
  ['', () => engine.aws.waits('awaitServerGroupShrunk')],
  [
    ', also where its call ends with a failure then',
    () => engine.aws.failsOnCancel('changeServerGroupSize', 'AWS_DENIED'),
  ],
])('a cancel in the middle of it still brings the old group back%s', async (_how, begins) => {
  const waiting = begins();
  const id = await engine.execute([deployStage()]);
  await waiting;
  await engine.cancel(id, 'rollback');
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(torn()).toEqual(
    expect.arrayContaining([
      'registerServerGroup web-prod-v000',
      'resumeServerGroup web-prod-v000',
    ]),
  );
});
