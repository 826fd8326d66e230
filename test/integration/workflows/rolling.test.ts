import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';
import { deployStage } from '../../support/engine/stages.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
});

const stage = deployStage({ strategy: { type: 'rolling' } });

/** In their order; the evidence of a failure is read beside Auto Scaling's words. */
function called(): readonly string[] {
  const names = engine.aws.calls.map((call) => call.split(' ')[0] ?? '');
  return names.filter((name) => name !== 'readFailureEvidence');
}

const back = [
  'readScalingActivities',
  'rollbackInstanceRefresh',
  'restoreLaunchTemplate',
  'awaitServerGroupHealthy',
];

test('records what the group was like before anything is changed', async () => {
  const id = await engine.execute([stage]);
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(called()).toEqual([
    'planDeploy',
    'awaitNoInstanceRefresh',
    'captureRefreshState',
    'ensureLaunchTemplateVersion',
    'startInstanceRefresh',
    'awaitInstanceRefresh',
    'awaitServerGroupHealthy',
    'readCluster',
  ]);
  const attempt = engine.records.state(id).stages[0]?.attempts[0];
  expect(attempt?.undo).toMatchObject([
    {
      status: 'dropped',
      entry: {
        id: 'version',
        operation: 'rollbackInstanceRefresh',
        title: 'Bring the instances of web-prod-v000 back to lt-0:1',
        secondsMax: 3600,
        versionOperationKey: `${id}/deploy/1/version/web-prod-v000`,
      },
    },
  ]);
  expect(attempt?.steps.map((step) => [step.stepId, step.outputs['version']])).toContainEqual([
    'version',
    '2',
  ]);
});

test('brings the instances back when the refresh fails, and a retry makes a version of its own', async () => {
  engine.aws.fails('awaitInstanceRefresh', 'LAUNCH_FAILED');
  const id = await engine.execute([stage]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(called().slice(-4)).toEqual(back);
  engine.aws.before.clear();
  await engine.retry(id, 'deploy');
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  const keys = engine.records
    .state(id)
    .stages[0]?.attempts.flatMap(({ undo }) => undo)
    .map(({ entry }) =>
      entry.operation === 'rollbackInstanceRefresh' ? entry.versionOperationKey : '',
    );
  expect(keys).toEqual([
    `${id}/deploy/1/version/web-prod-v000`,
    `${id}/deploy/2/version/web-prod-v000`,
  ]);
});

test('brings the instances back on a cancel in the middle', async () => {
  const waiting = engine.aws.waits('awaitInstanceRefresh');
  const id = await engine.execute([stage]);
  await waiting;
  engine.aws.before.clear();
  await engine.cancel(id, 'rollback');
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(called().slice(-4)).toEqual(back);
});

test('has nothing to bring back before anything was changed', async () => {
  engine.aws.fails('captureRefreshState', 'AWS_DENIED');
  const id = await engine.execute([stage]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(called()).toEqual(['planDeploy', 'awaitNoInstanceRefresh']);
});

test('waits before the way back while instances start, and says for how many', async () => {
  engine.aws.fails('awaitInstanceRefresh', 'LAUNCH_FAILED');
  engine.aws.starting = [2, 1];
  const id = await engine.execute([stage]);
  const attempt = () => engine.records.state(id).stages[0]?.attempts[0];
  await expect
    .poll(() => attempt()?.waitingFor?.message)
    .toContain('until every instance of web-prod-v000 in service takes requests (not yet: 2)');
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const tries = called().filter((name) => name === 'rollbackInstanceRefresh');
  expect(tries).toHaveLength(3);
  expect(attempt()?.undo).toMatchObject([{ status: 'done' }]);
});

test('needs attention when the way back is denied, with the lines for a person', async () => {
  engine.aws.fails('awaitInstanceRefresh', 'LAUNCH_FAILED');
  engine.aws.fails('rollbackInstanceRefresh', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ ...stage, stack: 'attention' })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const { needsAttention } = engine.records.state(id);
  expect(needsAttention?.remaining[0]?.awsCommandLines).toEqual([
    'aws autoscaling rollback-instance-refresh --region eu-west-1 --auto-scaling-group-name web-prod-v000',
    expect.stringContaining('start-instance-refresh'),
  ]);
});
