import {
  DescribeAutoScalingGroupsCommand,
  type AutoScalingGroup,
  type LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { ClusterReadOptions, ServerGroupReadOptions } from '../aws-reads.js';
import type { CallOptions } from '../call-options.js';
import { completeServerGroups } from '../looks/complete-server-groups.js';
import { collectPages, readChunks } from '../calling/pages.js';
import { requiredField } from '../calling/required-field.js';
import { isTemporaryName, toServerGroupDetails } from './server-group-mapping.js';
import type { LaunchTemplateUser } from '../refreshes/refresh-calls.js';
import type { ServerGroupDetails } from './server-group-settings.js';

/** Most names in one DescribeAutoScalingGroups (AWS API reference). */
export const namesPerDescribe = 50;
/** Largest page of DescribeAutoScalingGroups. */
const groupsPerPage = 100;

/** See AwsReads. */
export async function describeServerGroups(
  caller: AwsCaller,
  names: readonly string[],
  options: ServerGroupReadOptions,
): Promise<readonly ServerGroupDetails[]> {
  const groups = await readChunks(names, namesPerDescribe, (chunk) =>
    describeGroups(caller, chunk, options),
  );
  return completeServerGroups(caller, groups.map(toServerGroupDetails), options);
}

/** See AwsReads. There is no filter by name pattern, and groups of others have no tags of ours: every page is read. */
export async function listCluster(
  caller: AwsCaller,
  cluster: string,
  options: ClusterReadOptions,
): Promise<readonly ServerGroupDetails[]> {
  const all = await describeGroups(caller, undefined, {
    ...options,
    resource: `cluster ${cluster}`,
  });
  // A list that changes between two pages may show a group twice.
  const members = new Map(
    all.flatMap((group): readonly [string | undefined, ServerGroupDetails][] => {
      const kind = kindOf(group.AutoScalingGroupName, cluster);
      if (kind === null || (kind === 'temporary' && options.withTemporary !== true)) return [];
      const details = toServerGroupDetails(group);
      const { owner, temporaryUntil } = details.view;
      const isStrange = kind === 'temporary' && (owner === null || temporaryUntil === undefined);
      return isStrange ? [] : [[group.AutoScalingGroupARN, details]];
    }),
  );
  return completeServerGroups(caller, [...members.values()].toSorted(byAge), options);
}

/** See RefreshReads. There is no filter by launch template: every page is read, overrides of policies included. */
export async function listLaunchTemplateUsers(
  caller: AwsCaller,
  launchTemplateId: string,
  options: CallOptions,
): Promise<readonly LaunchTemplateUser[]> {
  const resource = `users of ${launchTemplateId}`;
  const all = await describeGroups(caller, undefined, { ...options, resource });
  return all.flatMap((group) => {
    const serverGroup = requiredField(group.AutoScalingGroupName, 'AutoScalingGroupName');
    return templatesOf(group)
      .filter(({ LaunchTemplateId: id }) => id === launchTemplateId)
      .map(({ Version: version = '$Default' }) => ({ serverGroup, version }));
  });
}

function templatesOf(group: AutoScalingGroup): readonly LaunchTemplateSpecification[] {
  const policy = group.MixedInstancesPolicy?.LaunchTemplate;
  const overrides =
    policy?.Overrides?.map((override) => override.LaunchTemplateSpecification) ?? [];
  return [group.LaunchTemplate, policy?.LaunchTemplateSpecification, ...overrides].filter(
    (template) => template !== undefined,
  );
}

async function describeGroups(
  caller: AwsCaller,
  names: readonly string[] | undefined,
  options: CallOptions & { readonly resource?: string },
): Promise<readonly AutoScalingGroup[]> {
  const resource = options.resource ?? (names ?? []).join(', ');
  return collectPages(`Auto Scaling groups (${resource})`, async (token) => {
    const command = new DescribeAutoScalingGroupsCommand({
      ...(names && { AutoScalingGroupNames: [...names] }),
      MaxRecords: groupsPerPage,
      NextToken: token,
    });
    const reply = await caller.autoscaling(command, { ...options, resource });
    return { items: reply.AutoScalingGroups ?? [], next: reply.NextToken };
  });
}

/** `cluster` itself, or `cluster-v` with three to six digits (Frigga, clouddriver-aws 1.2), or what a canary names after that. */
function kindOf(name: string | undefined, cluster: string): 'member' | 'temporary' | null {
  if (name === undefined || !name.startsWith(cluster)) return null;
  const rest = name.slice(cluster.length);
  if (/^(-v\d{3,6})?$/.test(rest)) return 'member';
  return /^-v\d{3,6}-[a-z]+$/.test(rest) && isTemporaryName(name) ? 'temporary' : null;
}

function byAge(one: ServerGroupDetails, other: ServerGroupDetails): number {
  const [older, newer] = [one.view, other.view];
  if (older.createdAt === newer.createdAt) return older.name < newer.name ? -1 : 1;
  return older.createdAt < newer.createdAt ? -1 : 1;
}
