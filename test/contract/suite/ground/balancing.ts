import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  type Action,
  type CreateTargetGroupCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Stage } from '../stage.js';
import { network, required, type Network } from './network.js';

/** Drains in 20 s and is healthy after two checks, 5 s apart. */
export async function targetGroup(
  stage: Stage,
  { vpcId }: Pick<Network, 'vpcId'>,
  settings: Partial<CreateTargetGroupCommandInput> = {},
): Promise<string> {
  const { TargetGroups: made } = await stage.elb.send(
    new CreateTargetGroupCommand({
      Name: stage.name('targets'),
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      Tags: [stage.tag],
      ...settings,
    }),
  );
  const arn = required(made?.[0]?.TargetGroupArn, 'the ARN of the target group');
  stage.atEnd(async () => stage.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn })));
  await stage.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: arn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }],
    }),
  );
  return arn;
}

export async function loadBalancer(
  stage: Stage,
  subnetIds: readonly string[],
  name = stage.name('balancer'),
): Promise<string> {
  stage.needs('load balancers');
  const { LoadBalancers: made } = await stage.elb.send(
    new CreateLoadBalancerCommand({
      Name: name,
      Subnets: [...subnetIds],
      Scheme: 'internal',
      Tags: [stage.tag],
    }),
  );
  const arn = required(made?.[0]?.LoadBalancerArn, 'the ARN of the load balancer');
  stage.atEnd(async () => stage.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn })));
  return arn;
}

export async function listener(
  stage: Stage,
  on: { readonly loadBalancerArn: string; readonly port?: number },
  actions: readonly Action[],
): Promise<string> {
  const { Listeners: made } = await stage.elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: on.loadBalancerArn,
      Port: on.port ?? 80,
      Protocol: 'HTTP',
      DefaultActions: [...actions],
    }),
  );
  const arn = required(made?.[0]?.ListenerArn, 'the ARN of the listener');
  stage.atEnd(async () => stage.elb.send(new DeleteListenerCommand({ ListenerArn: arn })));
  return arn;
}

export interface Balancing extends Network {
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  readonly targetGroupArn: string;
}

/** A network with a load balancer whose listener forwards to one target group. */
export async function balancing(stage: Stage): Promise<Balancing> {
  const place = await network(stage);
  const targetGroupArn = await targetGroup(stage, place);
  const loadBalancerArn = await loadBalancer(stage, place.subnetIds);
  const listenerArn = await listener(stage, { loadBalancerArn }, [forwardTo(targetGroupArn)]);
  return { ...place, targetGroupArn, loadBalancerArn, listenerArn };
}

export function forwardTo(targetGroupArn: string): Action {
  return { Type: 'forward', TargetGroupArn: targetGroupArn };
}

/** State of each target by its instance, `reason` where AWS gives one. */
export async function targetHealth(
  stage: Stage,
  targetGroupArn: string,
  instanceIds?: readonly string[],
): Promise<Readonly<Record<string, { readonly state: string; readonly reason: string }>>> {
  const { TargetHealthDescriptions: described } = await stage.elb.send(
    new DescribeTargetHealthCommand({
      TargetGroupArn: targetGroupArn,
      ...(instanceIds === undefined ? {} : { Targets: instanceIds.map((Id) => ({ Id })) }),
    }),
  );
  return Object.fromEntries(
    (described ?? []).map(({ Target: target, TargetHealth: health }) => [
      target?.Id ?? '',
      { state: health?.State ?? '', reason: health?.Reason ?? '' },
    ]),
  );
}

export async function targetStates(
  stage: Stage,
  targetGroupArn: string,
): Promise<readonly string[]> {
  return Object.values(await targetHealth(stage, targetGroupArn))
    .map(({ state }) => state)
    .toSorted();
}
