import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  TargetGroup$,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expiryTagKey, GennakerError } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { isCode } from '../calling/is-code.js';
import { ownerTags } from '../operation-identity.js';
import { requiredField, tagMap } from '../calling/required-field.js';
import { openTargetGroup, sealTargetGroup } from './sealed-target-group.js';
import type {
  CreateTargetGroupOutcome,
  CreateTargetGroupRequest,
  FoundTargetGroup,
  TargetGroupSettings,
} from './target-group-calls.js';
import { listOf, unknownFields } from './unknown-fields.js';

/** See TargetGroupReads. */
export async function findTargetGroup(
  caller: AwsCaller,
  name: string,
  options: CallOptions,
): Promise<FoundTargetGroup | undefined> {
  const call = { ...options, resource: name };
  const described = await ignoringMissing(() =>
    caller.elb(new DescribeTargetGroupsCommand({ Names: [name] }), call),
  );
  const arn = described?.TargetGroups?.[0]?.TargetGroupArn;
  if (arn === undefined) return undefined;
  const tags = await ignoringMissing(() =>
    caller.elb(new DescribeTagsCommand({ ResourceArns: [arn] }), call),
  );
  return tags && { arn, tags: tagMap(tags.TagDescriptions?.[0]?.Tags) };
}

/** See TargetGroupReads. */
export async function readTargetGroupSettings(
  caller: AwsCaller,
  targetGroupArn: string,
  options: CallOptions,
): Promise<TargetGroupSettings> {
  let text = '';
  const call = { ...options, resource: targetGroupArn };
  const [described, { Attributes = [] }] = await Promise.all([
    caller.elb(new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }), {
      ...call,
      onBody: (body: string) => void (text = body),
    }),
    caller.elb(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn }), call),
  ]);
  const group = requiredField(described.TargetGroups?.[0], 'TargetGroups');
  refuseUnknown(targetGroupArn, unknownFields(text, 'TargetGroups', listOf(TargetGroup$)));
  return sealTargetGroup({ create: createInput(group), attributes: Attributes });
}

/** See TargetGroupWrites. */
export async function createTargetGroup(
  caller: AwsCaller,
  request: CreateTargetGroupRequest,
  options: CallOptions,
): Promise<CreateTargetGroupOutcome> {
  const { name, settings, owner, expiresAt } = request;
  const { create, attributes } = openTargetGroup(settings);
  const tags = { ...ownerTags(owner, { name, create, attributes }), [expiryTagKey]: expiresAt };
  const command = new CreateTargetGroupCommand({
    ...create,
    Name: name,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  try {
    const reply = await caller.elb(command, { ...options, resource: name });
    const arn = requiredField(reply.TargetGroups?.[0]?.TargetGroupArn, 'TargetGroupArn');
    return { outcome: 'created', targetGroupArn: arn };
  } catch (error) {
    if (isCode(error, 'NAME_CONFLICT')) return { outcome: 'alreadyExists' };
    throw error;
  }
}

/** See TargetGroupWrites. */
export async function writeTargetGroupAttributes(
  caller: AwsCaller,
  change: { readonly targetGroupArn: string; readonly settings: TargetGroupSettings },
  options: CallOptions,
): Promise<void> {
  const { targetGroupArn, settings } = change;
  const command = new ModifyTargetGroupAttributesCommand({
    TargetGroupArn: targetGroupArn,
    Attributes: [...openTargetGroup(settings).attributes],
  });
  await caller.elb(command, { ...options, resource: targetGroupArn });
}

/** See TargetGroupWrites. */
export async function deleteTargetGroup(
  caller: AwsCaller,
  targetGroupArn: string,
  options: CallOptions,
): Promise<{ readonly outcome: 'deleted' | 'gone' }> {
  const command = new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn });
  const deleted = await ignoringMissing(() =>
    caller.elb(command, { ...options, resource: targetGroupArn }),
  );
  return { outcome: deleted === undefined ? 'gone' : 'deleted' };
}

/** What AWS shows of a group, as a request for another one; what AWS fills in by itself is left out. */
function createInput(group: TargetGroup) {
  const {
    TargetGroupArn: _arn,
    TargetGroupName: _name,
    LoadBalancerArns: _used,
    ...settings
  } = group;
  return settings;
}

function refuseUnknown(targetGroupArn: string, unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw new GennakerError(
    'NOT_CARRIED_OVER',
    `Target group ${targetGroupArn} has settings that this release does not know, and a copy would not have them: ` +
      `${unknown.join(', ')}.`,
    { details: { targetGroupArn, fields: [...unknown] } },
  );
}

/** Undefined where ELBv2 says that there is no such target group. */
async function ignoringMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isCode(error, 'AWS_NOT_FOUND')) return undefined;
    throw error;
  }
}
