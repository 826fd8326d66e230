import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  paginateDescribeListeners,
  type ElasticLoadBalancingV2Client,
  type Listener,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ensured, required } from './ensured.js';
import type { Network } from './network.js';

export interface LoadBalancing {
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  readonly listenerArn: string;
  /** Of the same settings, in no rule yet: the other colour of a blue/green. */
  readonly secondTargetGroupArn: string;
}

type Log = (line: string) => void;

const NAME = 'web-prod';
const SECOND_NAME = 'web-prod-2';
const DRAIN_SECONDS = 20;

/** A load balancer that forwards port 80 to a target group with quick health checks, and a second one like it. */
export async function ensureLoadBalancing(
  elb: ElasticLoadBalancingV2Client,
  network: Network,
  log: Log,
): Promise<LoadBalancing> {
  const loadBalancerArn = await ensureLoadBalancer(elb, network, log);
  const ensure = (name: string) => ensureTargetGroup(elb, { network, name }, log);
  const targetGroupArn = await ensure(NAME);
  const listenerArn = await ensureListener(elb, { loadBalancerArn, targetGroupArn }, log);
  const secondTargetGroupArn = await ensure(SECOND_NAME);
  return { loadBalancerArn, targetGroupArn, listenerArn, secondTargetGroupArn };
}

async function ensureLoadBalancer(
  elb: ElasticLoadBalancingV2Client,
  network: Network,
  log: Log,
): Promise<string> {
  return ensured(`load balancer ${NAME}`, log, {
    find: async () => {
      const found = await unlessNotFound(
        elb.send(new DescribeLoadBalancersCommand({ Names: [NAME] })),
      );
      return found?.LoadBalancers?.[0]?.LoadBalancerArn;
    },
    make: async () => {
      const made = await elb.send(
        new CreateLoadBalancerCommand({
          Name: NAME,
          Type: 'application',
          Scheme: 'internal',
          Subnets: [...network.subnetIds],
          SecurityGroups: [network.securityGroupId],
        }),
      );
      return required(made.LoadBalancers?.[0]?.LoadBalancerArn, 'the ARN of the load balancer');
    },
  });
}

async function ensureTargetGroup(
  elb: ElasticLoadBalancingV2Client,
  wanted: { readonly network: Network; readonly name: string },
  log: Log,
): Promise<string> {
  const { name } = wanted;
  return ensured(
    `target group ${name} (HTTP 80, health check every 5 s, drain ${DRAIN_SECONDS} s)`,
    log,
    {
      find: async () => {
        const found = await unlessNotFound(
          elb.send(new DescribeTargetGroupsCommand({ Names: [name] })),
        );
        return found?.TargetGroups?.[0]?.TargetGroupArn;
      },
      make: async () => {
        const made = await elb.send(
          new CreateTargetGroupCommand({
            Name: name,
            Protocol: 'HTTP',
            Port: 80,
            VpcId: wanted.network.vpcId,
            TargetType: 'instance',
            HealthCheckPath: '/health',
            HealthCheckIntervalSeconds: 5,
            HealthCheckTimeoutSeconds: 2,
            HealthyThresholdCount: 2,
            UnhealthyThresholdCount: 2,
          }),
        );
        const arn = required(made.TargetGroups?.[0]?.TargetGroupArn, 'the ARN of the target group');
        const delay = { Key: 'deregistration_delay.timeout_seconds', Value: String(DRAIN_SECONDS) };
        await elb.send(
          new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: [delay] }),
        );
        return arn;
      },
    },
  );
}

async function ensureListener(
  elb: ElasticLoadBalancingV2Client,
  arns: Pick<LoadBalancing, 'loadBalancerArn' | 'targetGroupArn'>,
  log: Log,
): Promise<string> {
  return ensured(`listener 80 → ${NAME}`, log, {
    find: async () => {
      const listeners: Listener[] = [];
      for await (const page of paginateDescribeListeners(
        { client: elb },
        { LoadBalancerArn: arns.loadBalancerArn },
      )) {
        listeners.push(...(page.Listeners ?? []));
      }
      return listeners.find(({ Port: port }) => port === 80)?.ListenerArn;
    },
    make: async () => {
      const made = await elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: arns.loadBalancerArn,
          Port: 80,
          Protocol: 'HTTP',
          DefaultActions: [{ Type: 'forward', TargetGroupArn: arns.targetGroupArn }],
        }),
      );
      return required(made.Listeners?.[0]?.ListenerArn, 'the ARN of the listener');
    },
  });
}

/** Asking for something by name fails when it is not there. */
async function unlessNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name.endsWith('NotFoundException')) return undefined;
    throw error;
  }
}
