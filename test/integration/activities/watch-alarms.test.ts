import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { WatchAlarmsInput } from '@gennaker/contract/wire';
import { CancelledFailure } from '@temporalio/activity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  activityEnvironment,
  activityOf,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, throttleOnce } from '../../support/activities/faults.js';
import { newGroup } from '../../support/activities/red-black.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});
let cloudWatch: CloudWatchClient;
beforeEach(async () => {
  const credentials = { accessKeyId: world.seeded.accountId, secretAccessKey: 'stand-in' };
  cloudWatch = new CloudWatchClient({ endpoint: world.control.url, region, credentials });
  await put('errors');
  await put('latency');
});
afterEach(async () => {
  cloudWatch.destroy();
});

/** An alarm of a metric that nobody publishes; missing data leaves its state as it is. */
async function put(AlarmName: string): Promise<void> {
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'Web',
      MetricName: AlarmName,
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
    }),
  );
}

async function set(AlarmName: string, StateValue: 'OK' | 'ALARM'): Promise<void> {
  await cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'said the test' }),
  );
}

/** `seconds`: how long is watched; `within`: until the stage's deadline. */
function watching(seconds: number, within = 60): WatchAlarmsInput {
  const at = (later: number) => new Date(Date.now() + later * 1_000).toISOString();
  return {
    context: operation('bake', newGroup, { priority: 'wait', deadline: at(within) }),
    subject: subject(newGroup),
    alarms: ['errors', 'latency'],
    until: at(seconds),
  };
}

async function looks(): Promise<number> {
  return (await world.calls()).filter((call) => call.action === 'DescribeAlarms').length;
}

describe('watching alarms', () => {
  it('ends well after its time with a last look, and tells which have no data', async () => {
    await set('errors', 'OK');
    const result = await world.run('watchAlarms', watching(1));
    expect(result).toMatchObject({ withoutData: ['latency'] });
    expect(await looks()).toBe(2);
    expect(world.events[0]?.event).toMatchObject({
      kind: 'stage.waiting',
      waitingFor: {
        reason: 'time',
        message: expect.stringMatching(
          /^2 alarms watched, none in ALARM, 1 without data; until /,
        ) as string,
      },
    });
  });

  it('looks once when its time has passed, as after a worker was killed', async () => {
    await world.run('watchAlarms', watching(-5), 2);
    expect(await looks()).toBe(1);
  });

  it('stops at once for one in ALARM, in CloudWatch’s words', async () => {
    await set('latency', 'ALARM');
    await expect(world.run('watchAlarms', watching(60))).rejects.toMatchObject({
      type: 'ALARM_RAISED',
      nonRetryable: true,
      message: expect.stringContaining('latency (said the test)') as string,
    });
  });

  it('stops for one that is not there any more', async () => {
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ['latency'] }));
    await expect(world.run('watchAlarms', watching(0))).rejects.toMatchObject({
      type: 'SUBJECT_VANISHED',
      nonRetryable: true,
      details: [{ details: { alarms: ['latency'] } }],
    });
  });

  it('looks past a throttled call', async () => {
    await throttleOnce(world.control, 'DescribeAlarms');
    await expect(world.run('watchAlarms', watching(0))).resolves.toBeDefined();
  });

  it('does not end well while CloudWatch cannot be asked, and says so at the deadline', async () => {
    const effect = { kind: 'throttle' };
    await world.control.fault({ match: { action: 'DescribeAlarms' }, effect });
    await expect(world.run('watchAlarms', watching(0, 2))).rejects.toMatchObject({
      type: 'STAGE_TIMEOUT',
      message: expect.stringContaining('The last look failed') as string,
    });
  });

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'DescribeAlarms');
    await expect(world.run('watchAlarms', watching(60))).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
  });

  it('ends when it is cancelled', async () => {
    const environment = activityEnvironment();
    const watch = environment.run(activityOf(world.activities, 'watchAlarms'), watching(60));
    environment.cancel();
    await expect(watch).rejects.toBeInstanceOf(CancelledFailure);
  });
});
