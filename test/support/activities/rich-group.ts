import {
  AutoScalingClient,
  EnableMetricsCollectionCommand,
  PutLifecycleHookCommand,
  PutNotificationConfigurationCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
  PutWarmPoolCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  paginateDescribeAlarms,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { region, type AwsWorld } from './aws-world.js';

export const opsTopic = 'arn:aws:sns:eu-west-1:111111111111:ops';
export const fleetTopic = 'arn:aws:sns:eu-west-1:111111111111:fleet';

/** Which stand-in, and as whom. */
export interface Place {
  readonly url: string;
  readonly accountId: string;
}

/** Where the groups of a world are. */
export function placeOf({ control, seeded }: AwsWorld): Place {
  return { url: control.url, accountId: seeded.accountId };
}

/**
 * Two in the morning, half a year from now: simulated time runs many times as fast as ours, and a recurrence of every
 * night would act in the middle of a test that happens to be played around that hour.
 */
export function farOffNight(): string {
  const day = new Date();
  day.setUTCDate(1);
  day.setUTCMonth(day.getUTCMonth() + 6);
  return `0 2 1 ${day.getUTCMonth() + 1} *`;
}

/** Someone who has given a server group everything that a deploy carries over. */
export class RichGroup {
  readonly name: string;
  readonly #autoScaling: AutoScalingClient;
  readonly #cloudWatch: CloudWatchClient;

  constructor({ url, accountId }: Place, name: string) {
    this.name = name;
    const credentials = { accessKeyId: accountId, secretAccessKey: 'stand-in' };
    const settings = { endpoint: url, region, credentials };
    this.#autoScaling = new AutoScalingClient(settings);
    this.#cloudWatch = new CloudWatchClient(settings);
  }

  /** A step policy with an alarm that a topic hears of, too; its ARN. */
  async scaleBySteps(alarmName = `${this.name}-cpu-high`): Promise<string> {
    const { PolicyARN: arn = '' } = await this.#autoScaling.send(
      new PutScalingPolicyCommand({
        AutoScalingGroupName: this.name,
        PolicyName: 'step',
        PolicyType: 'StepScaling',
        AdjustmentType: 'ChangeInCapacity',
        MetricAggregationType: 'Average',
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      }),
    );
    await this.putAlarm(alarmName, {
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 80,
      AlarmActions: [arn, opsTopic],
      Tags: [{ Key: 'team', Value: 'web' }],
    });
    return arn;
  }

  /** A simple policy that takes one instance away, with its alarm. */
  async scaleInWhenIdle(): Promise<void> {
    const { PolicyARN: arn = '' } = await this.#autoScaling.send(
      new PutScalingPolicyCommand({
        AutoScalingGroupName: this.name,
        PolicyName: 'idle',
        AdjustmentType: 'ExactCapacity',
        ScalingAdjustment: 1,
        Cooldown: 60,
      }),
    );
    await this.putAlarm(`${this.name}-idle`, {
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 5,
      AlarmActions: [arn],
    });
  }

  async putAlarm(
    AlarmName: string,
    settings: Pick<
      MetricAlarm,
      'ComparisonOperator' | 'Threshold' | 'AlarmActions' | 'Dimensions'
    > & { readonly Tags?: { Key: string; Value: string }[] },
  ): Promise<void> {
    await this.#cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Statistic: 'Average',
        Period: 300,
        EvaluationPeriods: 12,
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: this.name }],
        ...settings,
      }),
    );
  }

  async trackCpu(): Promise<void> {
    await this.#autoScaling.send(
      new PutScalingPolicyCommand({
        AutoScalingGroupName: this.name,
        PolicyName: 'track',
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
          TargetValue: 50,
        },
      }),
    );
  }

  /** A scheduled action; without a start it recurs on a day that no test lives to see (`farOffNight`). */
  async schedule(
    ScheduledActionName: string,
    sizes: {
      readonly MinSize?: number;
      readonly MaxSize?: number;
      readonly DesiredCapacity?: number;
    },
    StartTime?: Date,
  ): Promise<void> {
    const when = StartTime === undefined ? { Recurrence: farOffNight() } : { StartTime };
    await this.#autoScaling.send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: this.name,
        ScheduledActionName,
        ...sizes,
        ...when,
      }),
    );
  }

  /** Holds each new instance for half a minute, then lets it in. */
  async holdLaunches(): Promise<void> {
    await this.#autoScaling.send(
      new PutLifecycleHookCommand({
        AutoScalingGroupName: this.name,
        LifecycleHookName: 'warm-up',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        HeartbeatTimeout: 30,
        DefaultResult: 'CONTINUE',
      }),
    );
  }

  async tellTopic(): Promise<void> {
    await this.#autoScaling.send(
      new PutNotificationConfigurationCommand({
        AutoScalingGroupName: this.name,
        TopicARN: fleetTopic,
        NotificationTypes: [
          'autoscaling:EC2_INSTANCE_LAUNCH',
          'autoscaling:EC2_INSTANCE_TERMINATE',
        ],
      }),
    );
  }

  async collectMetrics(): Promise<void> {
    await this.#autoScaling.send(
      new EnableMetricsCollectionCommand({
        AutoScalingGroupName: this.name,
        Metrics: ['GroupInServiceInstances'],
        Granularity: '1Minute',
      }),
    );
  }

  async keepWarmPool(): Promise<void> {
    await this.#autoScaling.send(
      new PutWarmPoolCommand({ AutoScalingGroupName: this.name, MinSize: 1, PoolState: 'Stopped' }),
    );
  }

  /** Two instance types by preference, over the launch template that the group has. */
  async mixInstances(
    launchTemplateId: string,
    overrides: readonly object[] = [{ InstanceType: 't3.micro' }, { InstanceType: 't3.small' }],
  ): Promise<void> {
    await this.#autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: this.name,
        MixedInstancesPolicy: {
          InstancesDistribution: {
            OnDemandBaseCapacity: 1,
            OnDemandPercentageAboveBaseCapacity: 100,
            OnDemandAllocationStrategy: 'prioritized',
          },
          LaunchTemplate: {
            LaunchTemplateSpecification: { LaunchTemplateId: launchTemplateId, Version: '1' },
            Overrides: [...overrides],
          },
        },
      }),
    );
  }

  /** The group's own settings that a copy has, too. */
  async set(settings: {
    readonly DefaultInstanceWarmup: number;
    readonly CapacityRebalance: boolean;
    readonly MaxSize?: number;
  }) {
    await this.#autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: this.name, ...settings }),
    );
  }

  /** Alarms by the beginning of their names; all of them without one. */
  async alarms(AlarmNamePrefix = ''): Promise<readonly MetricAlarm[]> {
    const prefix = AlarmNamePrefix === '' ? {} : { AlarmNamePrefix };
    const alarms: MetricAlarm[] = [];
    for await (const page of paginateDescribeAlarms({ client: this.#cloudWatch }, prefix)) {
      alarms.push(...(page.MetricAlarms ?? []));
    }
    return alarms;
  }

  async ring(AlarmName: string): Promise<void> {
    await this.#cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'a drill' }),
    );
  }

  async deleteAlarm(name: string): Promise<void> {
    await this.#cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
  }

  close(): void {
    this.#autoScaling.destroy();
    this.#cloudWatch.destroy();
  }
}
