import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { PlanAnswer } from '@gennaker/contract';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { BlueGreenWorld } from '../support/e2e/blue-green.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { expectSucceeded } from '../support/e2e/scenes.js';
import { clusterPicture } from '../support/e2e/story.js';
import { errorsAlarm } from '../support/aws/errors-alarm.js';

interface Refused {
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

const rollbackPath = '/v1/applications/web/clusters/demo/eu-west-1/web-prod/rollback';
const steps = [{ percent: 10 }, { percent: 50, pauseSeconds: 2 }];

/** One story: each test goes on where the one before has ended. */
let gennaker: Gennaker;
let world: BlueGreenWorld;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  // Fleets come and go in every test: time runs faster than usual, and pages are whole, since our rate budget does not.
  const clock = { kind: 'scaled', scale: 30 } as const;
  const simulator = { clock, adversarial: { pageSize: 0 } };
  gennaker = await Gennaker.start({ simulator, pollSeconds: 0.5 });
  world = await BlueGreenWorld.lay(gennaker);
  await gennaker.aws.startTraffic('web-prod', 50);
  cloudWatch = new CloudWatchClient({
    endpoint: gennaker.aws.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'stand-in' },
  });
}, 120_000);
afterAll(async () => {
  cloudWatch.destroy();
  world.close();
  await gennaker.close();
});
afterEach(async () => {
  expect((await gennaker.aws.traffic()).requestsWithNoHealthyTarget).toBe(0);
});

async function run(vary: Parameters<BlueGreenWorld['pipeline']>[0]) {
  const executionId = await gennaker.api.run(world.pipeline(vary));
  return { executionId, watcher: gennaker.watch(executionId) };
}

async function attemptOf(executionId: string) {
  const view = await gennaker.api.execution(executionId);
  const attempt = view.stages.find((stage) => stage.refId === 'deploy')?.attempts.at(-1);
  if (attempt === undefined) throw new Error('nothing was deployed');
  return { view, attempt };
}

async function cancel(executionId: string): Promise<void> {
  await gennaker.api.post(`/v1/executions/${executionId}/cancel`, { by: 'test', reason: 'stop' });
}

test('one target group, or a load balancer without weights: validation offers redBlack', async () => {
  const network = world.listenerArn.replace('/app/', '/net/');
  const pipeline = world.pipeline({
    imageName: 'web-1.1.0',
    strategy: { targetGroupArns: [world.blue], ruleArns: [network] },
  });
  const { status, body } = await gennaker.api.post<Refused>('/v1/pipelines/validate', pipeline);
  expect(status).toBe(422);
  const words = JSON.stringify(body);
  expect(words).toContain('with one there is nothing to switch, use redBlack');
  expect(words).toContain('use the strategy redBlack, which moves registration');
});

test('the plan names the Route 53 record that an empty colour takes the load balancer out of', async () => {
  const warmless = { weightSteps: steps, warmSeconds: 0 };
  const pipeline = world.pipeline({ imageName: 'web-1.1.0', strategy: warmless });
  const warnings = async (): Promise<string> => {
    const { body } = await gennaker.api.post<PlanAnswer>('/v1/plan', pipeline);
    const planned = body.stages.find((stage) => stage.refId === 'deploy')?.plan;
    return (planned?.warnings ?? []).join('\n');
  };
  expect(await warnings()).toContain('this account has no hosted zone');
  const setEvaluation = await world.addRecord('www.web.example');
  expect(await warnings()).toContain(
    'web-prod-green is empty, and web-prod becomes empty: the Route 53 record www.web.example (A, simple) of the zone web.example',
  );
  await setEvaluation(false);
  expect(await warnings()).not.toContain('Route 53');
}, 60_000);

test('requests move in steps, and the old fleet stays warm: by the plan that was shown', async () => {
  const shapes = await world.ruleShapes();
  const strategy = { weightSteps: steps, warmSeconds: 600 };
  const pipeline = world.pipeline({ imageName: 'web-1.1.0', strategy });
  const { body } = await gennaker.api.post<PlanAnswer>('/v1/plan', pipeline);
  const shown = body.stages.find((stage) => stage.refId === 'deploy')?.plan;
  expect(shown?.weights?.rules).toMatchObject([
    { ruleArn: world.listenerArn, before: 'web-prod 100, web-prod-green 0' },
  ]);
  const running = await run({ imageName: 'web-1.1.0', strategy });
  await running.watcher.until(
    (event) => event.kind === 'step.started' && event.stepId === 'pause:50',
  );
  expect(await world.weights()).toEqual([50, 50]);
  await expectSucceeded(gennaker, running);
  expect(await world.weights()).toEqual([0, 100]);
  expect(await world.ruleShapes()).toEqual(shapes);
  expect(await clusterPicture(gennaker)).toEqual([
    'web-prod-v000 enabled 3/3',
    'web-prod-v001 enabled 3/3',
  ]);
  const { attempt } = await attemptOf(running.executionId);
  expect(attempt.plan?.steps.map((step) => step.title)).toEqual(
    shown?.steps.map((step) => step.title),
  );
}, 120_000);

test('while it is warm the way back is weights and nothing else', async () => {
  const before = (await gennaker.aws.ledger()).length;
  const body = { expectedServing: 'web-prod-v001', reason: 'errors', by: 'test' };
  const { status, body: accepted } = await gennaker.api.post<{ readonly executionId: string }>(
    rollbackPath,
    body,
    { key: 'warm' },
  );
  expect(status).toBe(202);
  const { executionId } = accepted;
  await expectSucceeded(gennaker, { executionId, watcher: gennaker.watch(executionId) });
  expect(await world.weights()).toEqual([100, 0]);
  expect(await clusterPicture(gennaker)).toEqual([
    'web-prod-v000 enabled 3/3',
    'web-prod-v001 disabled 0/3',
  ]);
  const calls = (await gennaker.aws.ledger()).slice(before).map((call) => call.action);
  expect(calls.filter((action) => action === 'ModifyListener')).toHaveLength(1);
  expect(calls).not.toContain('RegisterTargets');
}, 120_000);

test('weights of somebody else are named, and left until the stage accepts exactly these', async () => {
  await world.setWeights(95, 0);
  const refused = await run({ imageName: 'web-1.1.0' });
  await refused.watcher.done;
  const { attempt } = await attemptOf(refused.executionId);
  expect(attempt.error?.code).toBe('CHANGED_BY_SOMEONE_ELSE');
  expect(attempt.error?.message).toContain('"web-prod 95, web-prod-green 0"');
  expect(attempt.error?.message).toContain('"web-prod 100, web-prod-green 0" were written last');
  expect(await world.weights()).toEqual([95, 0]);
  const accepted = await run({
    imageName: 'web-1.1.0',
    strategy: { acceptWeights: ['web-prod 95, web-prod-green 0'], warmSeconds: 600 },
  });
  await expectSucceeded(gennaker, accepted);
  expect(await world.weights()).toEqual([0, 100]);
}, 120_000);

test('a rule that the stage does not name is listed, and refuses it', async () => {
  const ruleArn = await world.addRule('/api/*', 10);
  const refused = await run({ imageName: 'web-1.0.0' });
  await refused.watcher.done;
  const { attempt } = await attemptOf(refused.executionId);
  expect(attempt.error?.code).toBe('INVALID_REQUEST');
  expect(attempt.error?.message).toContain(ruleArn);
  expect(await world.weights()).toEqual([0, 100]);
  await world.removeRule(ruleArn);
}, 60_000);

test('an alarm in the middle gives the requests back, and the warm fleet is warm again', async () => {
  await cloudWatch.send(errorsAlarm('web-errors'));
  const before = await clusterPicture(gennaker);
  expect(before.at(0)).toBe('web-prod-v000 enabled 3/3');
  const running = await run({
    imageName: 'web-1.0.0',
    strategy: { weightSteps: [{ percent: 50, pauseSeconds: 300 }], alarms: ['web-errors'] },
  });
  await running.watcher.until(
    (event) => event.kind === 'step.started' && event.stepId === 'alarms:50',
  );
  expect(await world.weights()).toEqual([50, 50]);
  const state = { StateValue: 'ALARM', StateReason: 'error budget burns' } as const;
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'web-errors', ...state }));
  await running.watcher.done;
  const { attempt } = await attemptOf(running.executionId);
  expect(attempt.error?.code).toBe('ALARM_RAISED');
  expect(attempt.summary?.notUndone).toEqual([]);
  const shares = attempt.summary?.serving?.serverGroups.map(({ serverGroup, weights }) => [
    serverGroup,
    weights?.map(({ percent }) => percent),
  ]);
  // Both fleets are in service, and only one of them has requests: people are told which.
  expect(shares).toEqual([
    ['web-prod-v000', [0]],
    ['web-prod-v002', [100]],
  ]);
  expect(attempt.plan?.warnings.join(' ')).toContain('This ends the warm time of web-prod-v000');
  expect(await world.weights()).toEqual([0, 100]);
  expect(await clusterPicture(gennaker)).toEqual(before);
}, 180_000);

test('a cancel in the middle does the same', async () => {
  const before = await clusterPicture(gennaker);
  const running = await run({
    imageName: 'web-1.0.0',
    strategy: { weightSteps: [{ percent: 50, pauseSeconds: 300 }] },
  });
  await running.watcher.until(
    (event) => event.kind === 'step.started' && event.stepId === 'pause:50',
  );
  await cancel(running.executionId);
  await running.watcher.done;
  const { view, attempt } = await attemptOf(running.executionId);
  expect(view.status).toBe('CANCELED');
  expect(attempt.summary?.notUndone).toEqual([]);
  expect(await world.weights()).toEqual([0, 100]);
  expect(await clusterPicture(gennaker)).toEqual(before);
}, 180_000);

test('weights that somebody edits in the middle stop it, and nothing that gets requests is destroyed', async () => {
  const running = await run({
    imageName: 'web-1.0.0',
    strategy: { weightSteps: [{ percent: 50, pauseSeconds: 3 }] },
  });
  await running.watcher.until(
    (event) => event.kind === 'step.started' && event.stepId === 'pause:50',
  );
  await world.setWeights(30, 70);
  await running.watcher.until(
    (event) => event.kind === 'stage.finished' && event.refId === 'deploy',
    120_000,
  );
  const { view, attempt } = await attemptOf(running.executionId);
  expect(attempt.error?.code).toBe('CHANGED_BY_SOMEONE_ELSE');
  expect(attempt.error?.message).toContain('web-prod 30, web-prod-green 70');
  expect(await world.weights()).toEqual([30, 70]);
  // The new group is in blue, which has 30: it stays, and a person is asked.
  expect(view.needsAttention).not.toBeNull();
  expect(JSON.stringify(attempt.summary?.notUndone)).toContain('Destroy web-prod-v');
  expect((await clusterPicture(gennaker)).at(-1)).toContain('enabled 3/3');
}, 180_000);
