import assert from 'node:assert/strict';
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { refusals } from '../refusal.js';
import type { Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference';

async function putAlarm(stage: Stage, settings: object = {}): Promise<string> {
  const name = stage.name('alarm');
  await stage.cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      Namespace: stage.name('Contract'),
      MetricName: 'errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      ...settings,
    }),
  );
  stage.atEnd(async () => stage.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] })));
  return name;
}

async function alarm(stage: Stage, name: string) {
  const { MetricAlarms: found } = await stage.cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [name] }),
  );
  return found?.[0];
}

/** What alarms do, as a part of the topic of metrics. */
export const alarmBehaviours: readonly Behaviour[] = [
  {
    name: 'alarm-begins-without-data',
    title: 'A new alarm has INSUFFICIENT_DATA',
    page: `${API}/API_PutMetricAlarm.html`,
    run: async (stage) => {
      assert.equal((await alarm(stage, await putAlarm(stage)))?.StateValue, 'INSUFFICIENT_DATA');
    },
  },
  {
    name: 'alarm-state-can-be-set',
    title: 'The state of an alarm can be set for a while, with a reason',
    page: `${API}/API_SetAlarmState.html`,
    run: async (stage) => {
      const name = await putAlarm(stage);
      await stage.cloudWatch.send(
        new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason: 'a drill' }),
      );
      const found = await alarm(stage, name);
      assert.equal(found?.StateValue, 'ALARM');
      assert.equal(found?.StateReason, 'a drill');
    },
  },
  {
    name: 'alarm-rings',
    title: 'An alarm goes to ALARM when its metric passes the threshold',
    page: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html',
    run: async (stage) => {
      const name = await putAlarm(stage);
      await stage.eventually(
        'ALARM',
        async () => {
          await stage.cloudWatch.send(
            new PutMetricDataCommand({
              Namespace: stage.name('Contract'),
              MetricData: [{ MetricName: 'errors', Value: 100 }],
            }),
          );
          return (await alarm(stage, name))?.StateValue;
        },
        (state) => state === 'ALARM',
      );
    },
  },
  {
    name: 'alarm-keeps-its-first-tags',
    title: 'An alarm has the tags that it is made with; putting it again does not change them',
    page: `${API}/API_PutMetricAlarm.html`,
    run: async (stage) => {
      const name = await putAlarm(stage, { Tags: [{ Key: 'made', Value: 'first' }] });
      const { AlarmArn: arn } = (await alarm(stage, name)) ?? {};
      await stage.cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName: name,
          Namespace: stage.name('Contract'),
          MetricName: 'errors',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 6,
          ComparisonOperator: 'GreaterThanThreshold',
          Tags: [{ Key: 'made', Value: 'again' }],
        }),
      );
      assert.equal((await alarm(stage, name))?.Threshold, 6);
      const { Tags: tags } = await stage.cloudWatch.send(
        new ListTagsForResourceCommand({ ResourceARN: arn }),
      );
      assert.deepEqual(tags, [{ Key: 'made', Value: 'first' }]);
    },
  },
  {
    name: 'alarm-is-gone-once-deleted',
    title: 'A deleted alarm is not described any more',
    page: `${API}/API_DeleteAlarms.html`,
    run: async (stage) => {
      const name = await putAlarm(stage);
      await stage.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
      assert.equal(await alarm(stage, name), undefined);
    },
  },
  ...refusals([
    {
      name: 'refuses-state-of-unknown-alarm',
      title: 'The state of an alarm that is not there cannot be set',
      page: `${API}/API_SetAlarmState.html`,
      code: ['ResourceNotFound', 'ResourceNotFoundException'],
      status: 404,
      call: async (stage) =>
        stage.cloudWatch.send(
          new SetAlarmStateCommand({
            AlarmName: 'no-such-alarm',
            StateValue: 'OK',
            StateReason: 'x',
          }),
        ),
    },
  ]),
];
