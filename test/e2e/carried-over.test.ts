import type { DeployPlan } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { farOffNight, fleetTopic, opsTopic, RichGroup } from '../support/activities/rich-group.js';
import { awaitSoon } from '../support/e2e/await-soon.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { expectServing, expectSucceeded } from '../support/e2e/scenes.js';
import { clusterPicture, redBlackPipeline, serverGroupsOf } from '../support/e2e/story.js';

let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  await furnish();
  await gennaker.aws.startTraffic('web-prod', 50);
}, 120_000);
afterAll(() => gennaker.close());
beforeEach(() => gennaker.aws.clearFaults());

/** Gives the seed's group everything that people hang on one, past Gennaker. */
async function furnish(): Promise<void> {
  const group = groupNamed('web-prod-v000');
  await group.scaleBySteps('HighCPU-web-prod-v000');
  await group.trackCpu();
  await group.schedule('night', { MinSize: 1, DesiredCapacity: 1 });
  await group.holdLaunches();
  await group.tellTopic();
  await group.collectMetrics();
  await group.set({ DefaultInstanceWarmup: 45, CapacityRebalance: true, MaxSize: 6 });
  await group.mixInstances(gennaker.seeded.launchTemplateId);
  group.close();
}

function groupNamed(name: string): RichGroup {
  const { accountId } = gennaker.seeded;
  return new RichGroup({ url: gennaker.aws.url, accountId }, name);
}

/** Alarms but those that Auto Scaling makes for target tracking. */
async function madeAlarms(): Promise<readonly string[]> {
  const group = groupNamed('web-prod-v000');
  const alarms = await group.alarms();
  group.close();
  return alarms
    .map(({ AlarmName: name = '' }) => name)
    .filter((name) => !name.startsWith('TargetTracking-'))
    .toSorted();
}

test('the plan says what is carried over, before anything is made', async () => {
  const pipeline = await redBlackPipeline();
  const { body } = await gennaker.api.post<{
    readonly deploys: readonly { readonly plan: DeployPlan | null }[];
  }>('/v1/plan', pipeline);
  const plan = JSON.stringify(body);
  for (const told of [
    '"copiedFrom":"HighCPU-web-prod-v000"',
    '"name":"web-prod-v001-HighCPU"',
    '"policy":"step"',
    '"type":"TargetTrackingScaling"',
    `"recurrence":"${farOffNight()}"`,
    '"transition":"autoscaling:EC2_INSTANCE_LAUNCHING"',
    fleetTopic,
    '"InstanceType":"t3.small"',
    '"operation":"attachScaling"',
    `${opsTopic} is acted on by the copies of alarms as by their originals: web-prod-v001-HighCPU.`,
  ]) {
    expect(plan).toContain(told);
  }
  expect(await madeAlarms()).toEqual(['HighCPU-web-prod-v000']);
});

test('a red/black carries all of it over, alarms rewired, and no request meets no healthy target', async () => {
  const executionId = await gennaker.api.run(await redBlackPipeline());
  await expectSucceeded(gennaker, { executionId, watcher: gennaker.watch(executionId) });
  await expectServing(gennaker, 'web-prod-v001');
  const made = (await serverGroupsOf(gennaker)).find(({ name }) => name === 'web-prod-v001');
  expect(made?.suspendedProcesses).toEqual([]);
  const attached = groupNamed('web-prod-v001');
  const [high] = await attached.alarms('web-prod-v001-');
  expect(high).toMatchObject({
    AlarmName: 'web-prod-v001-HighCPU',
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'web-prod-v001' }],
    AlarmActions: [
      expect.stringContaining('autoScalingGroupName/web-prod-v001:policyName/step'),
      opsTopic,
    ],
  });
  const tracking = (await attached.alarms('TargetTracking-web-prod-v001-')).length;
  expect(tracking).toBe(2);
  attached.close();
  expect(await gennaker.aws.traffic()).toMatchObject({ requestsWithNoHealthyTarget: 0 });
}, 120_000);

test('copies of copies keep their names, and the old ones stay with their group', async () => {
  const executionId = await gennaker.api.run(await redBlackPipeline());
  await expectSucceeded(gennaker, { executionId, watcher: gennaker.watch(executionId) });
  await expectServing(gennaker, 'web-prod-v002');
  expect(await madeAlarms()).toEqual([
    'HighCPU-web-prod-v000',
    'web-prod-v001-HighCPU',
    'web-prod-v002-HighCPU',
  ]);
}, 120_000);

test('an undo after the attachment leaves no alarm behind, and the group that served serves', async () => {
  const before = await madeAlarms();
  const message = 'User: role/gennaker is not authorized to perform: DeregisterTargets';
  await gennaker.aws.fault({
    match: { action: 'DeregisterTargets' },
    effect: { kind: 'error', code: 'AccessDenied', status: 403, message },
    times: 1,
  });
  const executionId = await gennaker.api.run(await redBlackPipeline());
  const watcher = gennaker.watch(executionId);
  await watcher.done;
  const view = await gennaker.api.execution(executionId);
  expect(view).toMatchObject({ status: 'TERMINAL', needsAttention: null });
  const calls = (await gennaker.aws.ledger()).map(({ action }) => action);
  expect(calls.lastIndexOf('PutMetricAlarm')).toBeLessThan(calls.lastIndexOf('DeleteAlarms'));
  await expectServing(gennaker, 'web-prod-v002');
  expect(await madeAlarms()).toEqual(before);
  expect(await gennaker.aws.traffic()).toMatchObject({ requestsWithNoHealthyTarget: 0 });
}, 120_000);

test('the copied policy acts on its own group, and the disabled ones stay as they are', async () => {
  const group = groupNamed('web-prod-v002');
  await group.ring('web-prod-v002-HighCPU');
  await group.ring('HighCPU-web-prod-v000');
  group.close();
  await awaitSoon('four instances', async () => {
    const picture = await clusterPicture(gennaker);
    return picture.includes('web-prod-v002 enabled 4/4');
  });
  const old = (await serverGroupsOf(gennaker)).find(({ name }) => name === 'web-prod-v000');
  expect(old?.instances).toHaveLength(3);
}, 60_000);
