import { AutoScalingClient, DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { WatchCanaryInput } from '@gennaker/contract/wire';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { operation, region, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { blueGroup, Colours, forwardTo, greenGroup } from '../../support/activities/colours.js';
import { deny, throttleOnce } from '../../support/activities/faults.js';
import { errorsAlarm } from '../../support/aws/errors-alarm.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});
let colours: Colours;
let cloudWatch: CloudWatchClient;
let autoScaling: AutoScalingClient;
beforeEach(async () => {
  colours = await Colours.lay(world);
  await colours.greenIsHealthy();
  await world.control.startTraffic('web-prod', 100);
  const credentials = { accessKeyId: world.seeded.accountId, secretAccessKey: 'stand-in' };
  const settings = { endpoint: world.control.url, region, credentials };
  cloudWatch = new CloudWatchClient(settings);
  autoScaling = new AutoScalingClient(settings);
});
afterEach(async () => {
  colours.close();
  cloudWatch.destroy();
  autoScaling.destroy();
});

/** Green gets a fifth of the requests of both rules; the instant from which on it does. */
async function aFifthForGreen(): Promise<Date> {
  for (const rule of [colours.listener, colours.rule]) {
    const captured = await colours.capture(rule);
    await colours.move(rule, captured, { from: 0, to: 20 });
  }
  return await world.control.now();
}

function watching(from: Date, changes: Partial<WatchCanaryInput> = {}): WatchCanaryInput {
  return {
    context: operation('watch', greenGroup, {
      priority: 'wait',
      deadline: new Date(Date.now() + 20_000).toISOString(),
    }),
    subject: subject(greenGroup),
    rules: [colours.listener, colours.rule],
    arms: [
      { role: 'control', name: blueGroup, targetGroupArn: colours.blue, plannedWeight: 80 },
      { role: 'experiment', name: greenGroup, targetGroupArn: colours.green, plannedWeight: 20 },
    ],
    from: from.toISOString(),
    until: after(from, 60),
    enough: null,
    alarms: [],
    ...changes,
  };
}

/** So many minutes later. */
function after(from: Date, minutes: number): string {
  return new Date(from.getTime() + minutes * 60_000).toISOString();
}

/** What the watch has told so far. */
function told() {
  return world.events.flatMap(({ event }) =>
    event.kind === 'stage.waiting' && event.waitingFor?.reason === 'canary'
      ? [event.waitingFor]
      : [],
  );
}

async function putAlarm(AlarmName: string): Promise<void> {
  await cloudWatch.send(errorsAlarm(AlarmName));
}

/** The failure of a watch that has begun; `strike` comes once it tells that it watches. */
async function failureAfter(input: WatchCanaryInput, strike: () => Promise<unknown>) {
  const watch = world.run('watchCanary', input);
  await expect.poll(() => told().length).toBeGreaterThan(0);
  await strike();
  return watch.then(
    () => null,
    (error: unknown) => error,
  );
}

it("lasts by AWS's clock, and tells how many of its minutes have passed", async () => {
  const from = await aFifthForGreen();
  const watch = world.run('watchCanary', watching(from));
  await expect.poll(() => told().length).toBeGreaterThan(0);
  expect(told()[0]).toMatchObject({ done: 0, wanted: 60 });
  await world.advance(60 * 60);
  const { observedAt, enough, requests } = await watch;
  expect(Date.parse(observedAt)).toBeGreaterThanOrEqual(Date.parse(after(from, 60)));
  expect([enough, requests]).toEqual([null, null]);
});

it('is one look where its time has passed, and again where it is repeated', async () => {
  const from = await aFifthForGreen();
  const input = watching(from, { until: from.toISOString() });
  await expect(world.run('watchCanary', input)).resolves.toMatchObject({ enough: null });
  await expect(world.run('watchCanary', input, 2)).resolves.toMatchObject({ enough: null });
});

it('ends earlier once there are enough requests, in enough minutes that can be judged', async () => {
  const from = await aFifthForGreen();
  await world.advance(10 * 60);
  const few = watching(from, {
    until: from.toISOString(),
    enough: { requests: 1000, minutes: 50 },
  });
  await expect(world.run('watchCanary', few)).resolves.toMatchObject({ enough: false });
  const enough = watching(from, { enough: { requests: 5000, minutes: 5 } });
  const watched = await world.run('watchCanary', enough);
  expect(watched.enough).toBe(true);
  expect(watched.requests).toBeGreaterThan(7 * 60 * 17);
  expect(watched.requests).toBeLessThan(10 * 60 * 21);
});

it('says who has changed the weights in the middle, whichever rule it was', async () => {
  const from = await aFifthForGreen();
  const failure = await failureAfter(watching(from), () =>
    colours.edit([forwardTo(colours.at(50))]),
  );
  expect(failure).toMatchObject({ type: 'CHANGED_BY_SOMEONE_ELSE', nonRetryable: true });
  expect(String(failure)).toContain('web-prod-green 50');
});

it('stops where a rule or the canary is gone', async () => {
  const from = await aFifthForGreen();
  const noRule = await failureAfter(watching(from), () => colours.deleteRule());
  expect(noRule).toMatchObject({ type: 'SUBJECT_VANISHED', nonRetryable: true });
  const name = { AutoScalingGroupName: greenGroup, ForceDelete: true };
  await autoScaling.send(new DeleteAutoScalingGroupCommand(name));
  await world.advance(120);
  const noCanary = world.run('watchCanary', watching(from, { rules: [colours.listener] }));
  await expect(noCanary).rejects.toMatchObject({ type: 'SUBJECT_VANISHED' });
});

it('stops as soon as an alarm is in ALARM, and where one is not there any more', async () => {
  const from = await aFifthForGreen();
  await putAlarm('web-errors');
  const alarmed = await failureAfter(watching(from, { alarms: ['web-errors'] }), () =>
    cloudWatch.send(
      new SetAlarmStateCommand({
        AlarmName: 'web-errors',
        StateValue: 'ALARM',
        StateReason: 'said the test',
      }),
    ),
  );
  expect(alarmed).toMatchObject({ type: 'ALARM_RAISED', nonRetryable: true });
  const missing = world.run('watchCanary', watching(from, { alarms: ['nobody'] }));
  await expect(missing).rejects.toMatchObject({ type: 'SUBJECT_VANISHED' });
});

it('looks past what is throttled, and stops in AWS words where it may not look', async () => {
  const from = await aFifthForGreen();
  await throttleOnce(world.control, 'DescribeListeners');
  await throttleOnce(world.control, 'DescribeRules');
  const input = watching(from, { until: from.toISOString() });
  await expect(world.run('watchCanary', input)).resolves.toMatchObject({ enough: null });
  await deny(world.control, 'DescribeRules');
  await expect(world.run('watchCanary', input)).rejects.toMatchObject({ type: 'AWS_DENIED' });
});

it("gives up at the stage's deadline, naming until when it was to watch", async () => {
  const from = await aFifthForGreen();
  const deadline = new Date(Date.now() + 1_000).toISOString();
  const context = operation('watch', greenGroup, { priority: 'wait', deadline });
  const watch = world.run('watchCanary', watching(from, { context }));
  await expect(watch).rejects.toMatchObject({ type: 'STAGE_TIMEOUT' });
  await expect(watch).rejects.toThrow(after(from, 60));
});

it("reads AWS's time, which is not ours", async () => {
  await world.advance(3600);
  const { observedAt } = await world.run('readAwsTime', {
    context: operation('since', greenGroup),
    subject: subject(greenGroup),
  });
  const aheadMs = Date.parse(observedAt) - (await world.control.now()).getTime();
  expect(Math.abs(aheadMs)).toBeLessThan(60_000);
});
