import {
  AutoScalingClient,
  DescribePoliciesCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { DeployPlan, ServerGroupView } from '@gennaker/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { awaitSoon } from '../support/e2e/await-soon.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { redBlackPipeline, serverGroupsOf } from '../support/e2e/story.js';

/** In three zones; scaling may halve it. */
const instances = 400;
/** As large as the source becomes in the middle: during the switch both fleets are more than AWS's default of targets. */
const grown = 520;
/** Targets that a company with fleets of that size has asked AWS for, in a target group and behind a load balancer. */
const targetsMax = 3_000;
const [old, made] = ['web-prod-v000', 'web-prod-v001'] as const;

let gennaker: Gennaker;
let autoScaling: AutoScalingClient;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  gennaker = await Gennaker.start({ instances, simulator: { adversarial: { pageSize: 0 } } });
  const { accountId, region } = gennaker.seeded;
  const credentials = { accessKeyId: accountId, secretAccessKey: 'stand-in' };
  const settings = { endpoint: gennaker.aws.url, region, credentials };
  autoScaling = new AutoScalingClient(settings);
  cloudWatch = new CloudWatchClient(settings);
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: old, MaxSize: grown }),
  );
  await scaleInOnAlarm();
  await gennaker.aws.startTraffic('web-prod', 2_000);
}, 240_000);
afterAll(async () => {
  autoScaling.destroy();
  cloudWatch.destroy();
  await gennaker.close();
});

/** An alarm that halves the fleet by the policy that it has. */
async function scaleInOnAlarm(): Promise<void> {
  const { ScalingPolicies: policies } = await autoScaling.send(
    new DescribePoliciesCommand({ AutoScalingGroupName: old }),
  );
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: `${old}-idle`,
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: old }],
      Statistic: 'Average',
      Period: 300,
      EvaluationPeriods: 12,
      Threshold: 10,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'ignore',
      AlarmActions: [policies?.[0]?.PolicyARN ?? ''],
    }),
  );
}

/** CloudWatch takes the group's instances for idle, or no longer. */
async function idle(serverGroup: string, is = true): Promise<void> {
  const { MetricAlarms: alarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${serverGroup}-` }),
  );
  const [AlarmName = `no alarm of ${serverGroup}`] = alarms.map((alarm) => alarm.AlarmName ?? '');
  const StateValue = is ? 'ALARM' : 'OK';
  const StateReason = 'both fleets share the load';
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
}

async function groupNow(name: string): Promise<ServerGroupView | undefined> {
  return (await serverGroupsOf(gennaker)).find((group) => group.name === name);
}

test('the plan of what AWS has no room for says so beforehand, in numbers', async () => {
  const pipeline = await redBlackPipeline();
  const stages = pipeline.stages.map((stage) =>
    stage['type'] === 'deploy'
      ? { ...stage, capacity: { min: 620, desired: 620, max: 620 } }
      : stage,
  );
  const varied = { ...pipeline, stages };
  const refused = await gennaker.api.post('/v1/plan', varied);
  expect(JSON.stringify(refused.body)).toContain('AWS_QUOTA');
  expect(JSON.stringify(refused.body)).toContain('make 1020, 1000 are allowed');
}, 60_000);

test('the source grows and alarms scale both in, in the middle of the deploy of 400', async () => {
  const { accountId } = gennaker.seeded;
  await gennaker.aws.quota('targetsPerTargetGroup', targetsMax, accountId);
  await gennaker.aws.quota('targetsPerLoadBalancer', targetsMax, accountId);
  const id = await gennaker.api.run(
    await redBlackPipeline({ deploySeconds: 900, endsWithDeploy: true }),
  );
  const watcher = gennaker.watch(id);
  const begins = (stepId: string) =>
    watcher.until((event) => event.kind === 'step.started' && event.stepId === stepId, 180_000);
  await begins('healthy');
  await autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName: old, DesiredCapacity: grown }),
  );
  await begins('match');
  const covered = async () => (await groupNow(made))?.capacity.desired === grown;
  await awaitSoon(`${made} wants ${grown}`, covered);
  await idle(old);
  await idle(made);
  await begins('verify');
  await idle(made, false);
  await watcher.done;
  const view = await gennaker.api.execution(id);
  const attempt = view.stages.find((stage) => stage.refId === 'deploy')?.attempts[0];
  expect(view.status, JSON.stringify(attempt?.error)).toBe('SUCCEEDED');
  const plan: DeployPlan | null | undefined = attempt?.plan;
  expect(plan?.promise).toMatchObject({
    instancesServingMin: instances,
    succeeded: {
      serverGroups: [
        { serverGroup: old, state: 'disabled' },
        { serverGroup: made, state: 'enabled', capacity: { min: 200, max: grown } },
      ],
    },
  });
  expect(await groupNow(old)).toMatchObject({ enabled: false });
  expect(await groupNow(made)).toMatchObject({
    enabled: true,
    capacity: { min: 200, desired: grown, max: grown },
  });
}, 300_000);

test('what the plan had promised held at every moment', async () => {
  const traffic = await gennaker.aws.traffic();
  expect(traffic.requests).toBeGreaterThan(100_000);
  expect(traffic.requestsWithNoHealthyTarget).toBe(0);
  expect(traffic.healthyHostsMin).toBeGreaterThanOrEqual(instances);
});

test('once the switch is verified the same alarm does scale in', async () => {
  await idle(made);
  const desired = async () => (await groupNow(made))?.capacity.desired;
  await expect.poll(desired).toBe(grown / 2);
  await idle(made, false);
}, 60_000);
