import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { TargetGroupDetails, TargetHealthEntry } from '../aws-reads.js';
import type { CallOptions } from '../call-options.js';
import { collectPages, readChunks } from '../calling/pages.js';
import { requiredField } from '../calling/required-field.js';

/** Target groups named in one DescribeTargetGroups. */
const targetGroupsPerDescribe = 20;
/** AWS's default for deregistration_delay.timeout_seconds. */
const deregistrationDelayDefault = 300;
/** AWS's default for stickiness.lb_cookie.duration_seconds: a day. */
const stickySecondsDefault = 86_400;

/** See AwsReads. The action has no pages: it gives the whole target group, or the targets that are asked for. */
export async function describeTargetHealth(
  caller: AwsCaller,
  query: { readonly targetGroupArn: string; readonly instanceIds?: readonly string[] },
  options: CallOptions,
): Promise<readonly TargetHealthEntry[]> {
  const { targetGroupArn, instanceIds } = query;
  if (instanceIds?.length === 0) return [];
  const command = new DescribeTargetHealthCommand({
    TargetGroupArn: targetGroupArn,
    ...(instanceIds && { Targets: instanceIds.map((Id) => ({ Id })) }),
  });
  const reply = await caller.elb(command, { ...options, resource: targetGroupArn });
  return (reply.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
    targetGroupArn,
    instanceId: requiredField(Target?.Id, 'Target.Id'),
    state: requiredField(TargetHealth?.State, 'TargetHealth.State'),
    ...(TargetHealth?.Reason !== undefined && { reason: TargetHealth.Reason }),
    ...(TargetHealth?.Description !== undefined && { description: TargetHealth.Description }),
  }));
}

/** See AwsReads. */
export async function describeTargetGroups(
  caller: AwsCaller,
  query: { readonly arns: readonly string[] } | { readonly names: readonly string[] },
  options: CallOptions,
): Promise<readonly TargetGroupDetails[]> {
  const wanted = 'arns' in query ? query.arns : query.names;
  const groups = await readChunks(wanted, targetGroupsPerDescribe, (chunk) =>
    collectPages('target groups', async (token) => {
      const command = new DescribeTargetGroupsCommand({
        ...('arns' in query ? { TargetGroupArns: [...chunk] } : { Names: [...chunk] }),
        Marker: token,
      });
      const reply = await caller.elb(command, { ...options, resource: chunk.join(', ') });
      return { items: reply.TargetGroups ?? [], next: reply.NextMarker };
    }),
  );
  return Promise.all(groups.map((group) => withAttributes(caller, group, options)));
}

async function withAttributes(
  caller: AwsCaller,
  group: TargetGroup,
  options: CallOptions,
): Promise<TargetGroupDetails> {
  const arn = requiredField(group.TargetGroupArn, 'TargetGroupArn');
  const attribute = await readAttributes(caller, arn, options);
  const loadBalancerArns = group.LoadBalancerArns ?? [];
  return {
    arn,
    name: requiredField(group.TargetGroupName, 'TargetGroupName'),
    vpcId: group.VpcId ?? null,
    protocol: group.Protocol ?? null,
    targetType: group.TargetType ?? null,
    loadBalancerArns,
    usedByListener: loadBalancerArns.length > 0,
    deregistrationDelaySeconds: drainSecondsIn(attribute),
    healthCheckEnabled: group.HealthCheckEnabled ?? true,
    stickySeconds: stickySeconds(attribute),
    slowStartSeconds: Number(attribute('slow_start.duration_seconds') ?? 0),
  };
}

/** See AwsReads. */
export async function describeDrainSeconds(
  caller: AwsCaller,
  targetGroupArn: string,
  options: CallOptions,
): Promise<number> {
  return drainSecondsIn(await readAttributes(caller, targetGroupArn, options));
}

/** The value of an attribute of the target group, where it has it. */
type AttributeOf = (key: string) => string | undefined;

async function readAttributes(
  caller: AwsCaller,
  arn: string,
  options: CallOptions,
): Promise<AttributeOf> {
  const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn });
  const { Attributes } = await caller.elb(command, { ...options, resource: arn });
  return (key) => Attributes?.find(({ Key }) => Key === key)?.Value;
}

function drainSecondsIn(attribute: AttributeOf): number {
  return Number(attribute('deregistration_delay.timeout_seconds') ?? deregistrationDelayDefault);
}

function stickySeconds(attribute: AttributeOf): number | null {
  if (attribute('stickiness.enabled') !== 'true') return null;
  const type = attribute('stickiness.type') ?? 'lb_cookie';
  return Number(attribute(`stickiness.${type}.duration_seconds`) ?? stickySecondsDefault);
}
