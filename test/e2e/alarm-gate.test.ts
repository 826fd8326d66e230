import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { clusterPicture, redBlackPipeline } from '../support/e2e/story.js';
import { errorsAlarm } from '../support/aws/errors-alarm.js';

/** A red/black that an alarm watches after the switch; each test goes on where the one before has ended. */
let gennaker: Gennaker;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  await gennaker.aws.startTraffic('web-prod', 50);
  cloudWatch = new CloudWatchClient({
    endpoint: gennaker.aws.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'stand-in' },
  });
  await cloudWatch.send(errorsAlarm('web-errors'));
}, 120_000);
afterAll(async () => {
  cloudWatch.destroy();
  await gennaker.close();
});

async function gatedPipeline(strategy: Readonly<Record<string, unknown>>) {
  const pipeline = await redBlackPipeline();
  const stages = pipeline.stages.map((stage) =>
    stage['type'] === 'deploy'
      ? { ...stage, strategy: { type: 'redBlack', alarms: ['web-errors'], ...strategy } }
      : stage,
  );
  return { ...pipeline, stages };
}

async function setAlarm(StateValue: 'OK' | 'ALARM'): Promise<void> {
  const AlarmName = 'web-errors';
  const StateReason = 'error budget burns';
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
}

test('an alarm while the new group bakes gives the traffic back to the old one', async () => {
  const id = await gennaker.api.run(await gatedPipeline({ bakeSeconds: 120 }));
  const watcher = gennaker.watch(id);
  await watcher.until((event) => event.kind === 'step.started' && event.stepId === 'bake');
  await setAlarm('ALARM');
  await watcher.done;
  const attempt = (await gennaker.api.execution(id)).stages.find(
    (stage) => stage.refId === 'deploy',
  )?.attempts[0];
  expect(attempt?.error?.code).toBe('ALARM_RAISED');
  expect(attempt?.summary?.failed.message).toContain('web-errors (error budget burns)');
  expect(attempt?.summary?.notUndone).toEqual([]);
  expect(await clusterPicture(gennaker)).toEqual(['web-prod-v000 enabled 3/3']);
}, 120_000);

test('nothing is begun while the alarm is up', async () => {
  const id = await gennaker.api.run(await gatedPipeline({}));
  await gennaker.watch(id).done;
  const failed = await gennaker.api.execution(id);
  const attempt = failed.stages.find((stage) => stage.refId === 'deploy')?.attempts[0];
  expect([failed.status, attempt?.error?.code]).toEqual(['TERMINAL', 'ALARM_RAISED']);
  expect(attempt?.steps.map((step) => step.operation)).toEqual(['planDeploy']);
  expect(await clusterPicture(gennaker)).toEqual(['web-prod-v000 enabled 3/3']);
}, 90_000);

test('once it is down again the deploy goes through its bake', async () => {
  await setAlarm('OK');
  const id = await gennaker.api.run(await gatedPipeline({ bakeSeconds: 2 }));
  await gennaker.watch(id).done;
  expect((await gennaker.api.execution(id)).status).toBe('SUCCEEDED');
  const enabled = (await clusterPicture(gennaker)).filter((line) => line.includes(' enabled '));
  expect(enabled).toHaveLength(1);
}, 90_000);

test('an alarm before the first share of a rolling red/black leaves keeps all of it', async () => {
  const before = await clusterPicture(gennaker);
  const rolling = { type: 'rollingRedBlack', delayBeforeDisableSeconds: 120 };
  const id = await gennaker.api.run(await gatedPipeline(rolling));
  const watcher = gennaker.watch(id);
  await watcher.until((event) => event.kind === 'step.started' && event.stepId === 'alarms:50');
  await setAlarm('ALARM');
  await watcher.done;
  const attempt = (await gennaker.api.execution(id)).stages.find(
    (stage) => stage.refId === 'deploy',
  )?.attempts[0];
  expect([attempt?.error?.code, attempt?.summary?.notUndone]).toEqual(['ALARM_RAISED', []]);
  expect(await clusterPicture(gennaker)).toEqual(before);
  await setAlarm('OK');
}, 120_000);

test('no request met a group without a healthy target', async () => {
  const traffic = await gennaker.aws.traffic();
  expect(traffic.requests).toBeGreaterThan(0);
  expect(traffic.requestsWithNoHealthyTarget).toBe(0);
});
