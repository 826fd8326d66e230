import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CreateLaunchTemplateVersionCommand,
  EC2Client,
  RegisterImageCommand,
  type _InstanceType,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { errorsAlarm } from '../support/aws/errors-alarm.js';
import { awaitSoon } from '../support/e2e/await-soon.js';
import type { Gennaker } from '../support/e2e/gennaker.js';

/** One cluster of application `web` behind a load balancer of its own, with its traffic: what one cell plays on. */
export interface Fleet {
  readonly stack: string;
  readonly cluster: string;
  readonly oldServerGroup: string;
  /** Contains the cluster's name and a hyphen, as everything of the fleet does. */
  readonly loadBalancerName: string;
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  /** The one that serves, and one at weight 0 beside it. */
  readonly targetGroupArns: readonly [string, string];
  /** An alarm that is not raised until somebody does. */
  readonly alarmName: string;
  /** A type that only this fleet's new instances have, so that a lack of capacity strikes nobody else. */
  readonly instanceType: string;
  /** The same of the instances that there are. */
  readonly oldInstanceType: string;
  /** The image that they run, and nobody else's. */
  readonly oldImageId: string;
}

/** Sizes of the old server group. Its minimum is below its desired size: scaling could shrink it. */
export interface FleetSize {
  readonly min: number;
  readonly desired: number;
  readonly max: number;
}

const drainSeconds = 10;
/** Enough for an analysis of a fifth of them to find two percent of errors within minutes. */
export const requestsPerSecond = 100;

/** Clients of a person beside Gennaker. */
export class Hands {
  readonly autoScaling: AutoScalingClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly ec2: EC2Client;
  readonly cloudWatch: CloudWatchClient;

  constructor({ aws, seeded }: Gennaker) {
    const settings = {
      endpoint: aws.url,
      region: seeded.region,
      credentials: { accessKeyId: seeded.accountId, secretAccessKey: 'stand-in' },
    };
    this.autoScaling = new AutoScalingClient(settings);
    this.elb = new ElasticLoadBalancingV2Client(settings);
    this.ec2 = new EC2Client(settings);
    this.cloudWatch = new CloudWatchClient(settings);
  }

  close(): void {
    this.autoScaling.destroy();
    this.elb.destroy();
    this.ec2.destroy();
    this.cloudWatch.destroy();
  }
}

/** Builds the cluster, waits until all of it is healthy, and only then lets requests come. */
export async function makeFleet(
  gennaker: Gennaker,
  hands: Hands,
  wanted: {
    readonly stack: string;
    readonly size: FleetSize;
    readonly instanceTypes: readonly [_InstanceType, _InstanceType];
  },
): Promise<Fleet> {
  const { seeded } = gennaker;
  const cluster = `web-${wanted.stack}`;
  const loadBalancerName = `${cluster}-front`;
  const made = await hands.elb.send(
    new CreateLoadBalancerCommand({
      Name: loadBalancerName,
      Subnets: [...seeded.subnetIds],
      SecurityGroups: [seeded.securityGroupId],
    }),
  );
  const loadBalancerArn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const blue = await makeTargetGroup(hands, seeded.vpcId, `${cluster}-blue`);
  const green = await makeTargetGroup(hands, seeded.vpcId, `${cluster}-green`);
  const listenerArn = await listen(hands, loadBalancerArn, [blue, green]);
  const oldServerGroup = `${cluster}-v000`;
  const [oldInstanceType, instanceType] = wanted.instanceTypes;
  const oldImageId = await registerImage(hands, `old-image-${cluster}`);
  const alarmName = `${cluster}-errors`;
  await hands.cloudWatch.send(errorsAlarm(alarmName));
  await hands.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: oldServerGroup,
      MinSize: wanted.size.min,
      MaxSize: wanted.size.max,
      DesiredCapacity: wanted.size.desired,
      LaunchTemplate: await launchOf(hands, seeded, {
        ImageId: oldImageId,
        InstanceType: oldInstanceType,
      }),
      VPCZoneIdentifier: seeded.subnetIds.join(','),
      TargetGroupARNs: [blue],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 600,
    }),
  );
  await awaitSoon(`${oldServerGroup} healthy`, () =>
    isHealthy(hands, { targetGroupArn: blue, ...wanted.size }),
  );
  await gennaker.aws.startTraffic(loadBalancerName, requestsPerSecond);
  return {
    stack: wanted.stack,
    cluster,
    oldServerGroup,
    loadBalancerName,
    loadBalancerArn,
    listenerArn,
    targetGroupArns: [blue, green],
    alarmName,
    instanceType,
    oldInstanceType,
    oldImageId,
  };
}

/** A version of the seeded launch template for one fleet. */
async function launchOf(
  hands: Hands,
  { launchTemplateId }: Gennaker['seeded'],
  own: RequestLaunchTemplateData,
) {
  const { LaunchTemplateVersion: made } = await hands.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: launchTemplateId,
      SourceVersion: '1',
      LaunchTemplateData: own,
    }),
  );
  return { LaunchTemplateId: launchTemplateId, Version: String(made?.VersionNumber) };
}

/** Registers an image that only this cell uses. */
export async function registerImage(hands: Hands, name: string): Promise<string> {
  const made = await hands.ec2.send(
    new RegisterImageCommand({
      Name: name,
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      RootDeviceName: '/dev/xvda',
      EnaSupport: true,
    }),
  );
  if (made.ImageId === undefined) throw new Error('no image was made');
  return made.ImageId;
}

async function makeTargetGroup(hands: Hands, vpcId: string, name: string): Promise<string> {
  const made = await hands.elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      TargetType: 'instance',
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const arn = made.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const delay = { Key: 'deregistration_delay.timeout_seconds', Value: String(drainSeconds) };
  await hands.elb.send(
    new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: [delay] }),
  );
  return arn;
}

async function listen(
  hands: Hands,
  loadBalancerArn: string,
  [blue, green]: readonly [string, string],
): Promise<string> {
  const made = await hands.elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: blue, Weight: 100 },
              { TargetGroupArn: green, Weight: 0 },
            ],
          },
        },
      ],
    }),
  );
  return made.Listeners?.[0]?.ListenerArn ?? '';
}

async function isHealthy(
  hands: Hands,
  { targetGroupArn, desired }: { readonly targetGroupArn: string; readonly desired: number },
): Promise<boolean> {
  const { TargetHealthDescriptions: targets = [] } = await hands.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  return targets.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length >= desired;
}

/** Names of all groups of the cluster, also those being deleted, by Auto Scaling's own word. */
export async function groupsOf(hands: Hands, cluster: string): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await hands.autoScaling.send(
      new DescribeAutoScalingGroupsCommand(token === undefined ? {} : { NextToken: token }),
    );
    names.push(...(page.AutoScalingGroups ?? []).map((group) => group.AutoScalingGroupName ?? ''));
    token = page.NextToken;
  } while (token !== undefined);
  return names.filter((name) => name.startsWith(`${cluster}-v`));
}

/** What was made for a while only and is there after the end, in words. */
export async function temporaryFaults(
  hands: Hands,
  { cluster, targetGroupArns }: Fleet,
): Promise<readonly string[]> {
  const groups = (await groupsOf(hands, cluster)).filter((name) => !/-v\d+$/.test(name));
  const { TargetGroups = [] } = await hands.elb.send(new DescribeTargetGroupsCommand({}));
  const left = TargetGroups.filter(
    ({ TargetGroupArn = '', TargetGroupName = '' }) =>
      TargetGroupName.startsWith(`${cluster}-v`) && !targetGroupArns.includes(TargetGroupArn),
  );
  return [...groups, ...left.map(({ TargetGroupName }) => `target group ${TargetGroupName}`)].map(
    (name) => `${name} was for a while only and is still there`,
  );
}
