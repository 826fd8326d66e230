import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { STSClient } from '@aws-sdk/client-sts';
import { startSimulator, type SimulatorOptions } from '@gennaker/simulator';
import { groupOf, REGION, type Ground } from './ground.js';

import type { ControlReply, StandIn } from './stand-in-clients.js';

export { groupOf, layGround, type Ground } from './ground.js';
export type { StandIn } from './stand-in-clients.js';

export async function startStandIn(
  options: Partial<SimulatorOptions> = {},
  accessKeyId = '111111111111',
): Promise<StandIn> {
  const running = await startSimulator({
    clock: { kind: 'virtual' },
    adversarial: false,
    ...options,
  });
  const settings = clientSettings(running.url, accessKeyId);
  const clients = {
    ec2: new EC2Client(settings),
    autoScaling: new AutoScalingClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    sts: new STSClient(settings),
  };
  const control = async <T>(
    method: string,
    path: string,
    body?: object | string,
  ): Promise<ControlReply<T>> => {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const response = await fetch(`${running.url}/_simulator${path}`, {
      method,
      ...(text === undefined ? {} : { body: text }),
    });
    return { status: response.status, body: (await response.json()) as T };
  };
  return {
    running,
    ...clients,
    control,
    advance: async (seconds) => {
      await control('POST', '/clock/advance', { seconds });
    },
    close: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await running.close();
    },
  };
}

export function clientSettings(endpoint: string, accessKeyId: string) {
  return {
    endpoint,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey: 'unused' },
    maxAttempts: 1,
  };
}

export async function describeGroup(
  { autoScaling }: StandIn,
  name = 'web-v000',
): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups: groups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return groups?.[0];
}

/** The lifecycle states of a group's instances, sorted. */
export async function lifecycleStates(
  standIn: StandIn,
  name = 'web-v000',
): Promise<readonly string[]> {
  const group = await describeGroup(standIn, name);
  return (group?.Instances ?? []).map(({ LifecycleState: state }) => String(state)).toSorted();
}

/** The states of a target group's targets, sorted. */
export async function targetStates(
  { elb }: StandIn,
  targetGroupArn: string,
): Promise<readonly string[]> {
  const { TargetHealthDescriptions: targets } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  return (targets ?? []).map(({ TargetHealth: health }) => String(health?.State)).toSorted();
}

/** The name of the error that a call ends with; 'none' when it succeeds. */
export async function errorOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'none',
    (error: unknown) =>
      error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  );
}

/** A group of that size in service, all its targets healthy. */
export async function groupInService(
  standIn: StandIn,
  ground: Ground,
  settings: object = {},
): Promise<readonly string[]> {
  await standIn.autoScaling.send(
    new CreateAutoScalingGroupCommand({ ...groupOf(ground, 3), ...settings }),
  );
  await standIn.advance(30);
  return instanceIds(standIn);
}

export async function instanceIds(standIn: StandIn, name = 'web-v000'): Promise<readonly string[]> {
  const group = await describeGroup(standIn, name);
  return (group?.Instances ?? []).map(({ InstanceId: id }) => id ?? '').toSorted();
}
