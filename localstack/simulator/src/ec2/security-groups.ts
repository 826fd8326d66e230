import type {
  AuthorizeSecurityGroupIngressRequest,
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  IpPermission,
  RevokeSecurityGroupIngressRequest,
  SecurityGroup,
  SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { hexOf } from '../kernel/random.js';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { filtered, type FilterReaders } from './filters.js';
import { requireVpc } from './network.js';
import type { SecurityGroupRecord } from './records.js';
import { joinedRules, OPEN_EGRESS, ruleKey, withoutRules, withRules } from './security-rules.js';
import { selectById } from './select.js';
import { setTags, specifiedTags, tagList, tagsOf } from './tags.js';

const NAME_MAX = 255;

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html */
export const securityGroupHandlers: Handlers = {
  CreateSecurityGroup: (
    { scope }: Call,
    input: CreateSecurityGroupRequest,
  ): CreateSecurityGroupResult => {
    requireVpc(scope, input.VpcId);
    const name = input.GroupName ?? '';
    checkName(name);
    const isTaken = scope.tables.securityGroups
      .all()
      .some((group) => group.vpcId === input.VpcId && group.name === name);
    if (isTaken)
      throw new AwsError(
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${input.VpcId}'`,
      );
    const record: SecurityGroupRecord = {
      groupId: `sg-${scope.world.nextHex(17)}`,
      name,
      description: input.Description ?? '',
      vpcId: input.VpcId ?? '',
      ingress: [],
    };
    scope.tables.securityGroups.put(record.groupId, record);
    setTags(scope, record.groupId, specifiedTags(input.TagSpecifications, 'security-group'));
    return { GroupId: record.groupId };
  },
  DeleteSecurityGroup: ({ scope }: Call, input: DeleteSecurityGroupRequest) => {
    const { groupId } = getGroup(scope, input.GroupId);
    if (isUsed(scope, groupId))
      throw new AwsError('DependencyViolation', `resource ${groupId} has a dependent object`);
    scope.tables.securityGroups.delete(groupId);
    scope.tables.tags.delete(groupId);
    return { Return: true, GroupId: groupId };
  },
  AuthorizeSecurityGroupIngress: ({ scope }: Call, input: AuthorizeSecurityGroupIngressRequest) =>
    authorize(scope, input, 'ingress'),
  AuthorizeSecurityGroupEgress: ({ scope }: Call, input: AuthorizeSecurityGroupIngressRequest) =>
    authorize(scope, input, 'egress'),
  RevokeSecurityGroupIngress: ({ scope }: Call, input: RevokeSecurityGroupIngressRequest) =>
    revoke(scope, input, 'ingress'),
  RevokeSecurityGroupEgress: ({ scope }: Call, input: RevokeSecurityGroupIngressRequest) =>
    revoke(scope, input, 'egress'),
  DescribeSecurityGroups: (
    { scope, reading }: Call,
    input: DescribeSecurityGroupsRequest,
  ): DescribeSecurityGroupsResult => {
    const named = selectById(scope.tables.securityGroups, input.GroupIds, {
      code: 'InvalidGroup.NotFound',
      label: 'security group',
    });
    const rows = filtered(named, input.Filters, {
      readers: GROUP_FILTERS,
      tagsOf: ({ groupId }) => tagsOf(scope, groupId),
    });
    const page = reading.page({
      rows,
      key: (group) => group.groupId,
      token: input.NextToken,
      limit: input.MaxResults,
      max: 1000,
    });
    return {
      SecurityGroups: page.items.map((group) => groupView(scope, group)),
      NextToken: page.nextToken,
    };
  },
  DescribeSecurityGroupRules: (
    { scope, reading }: Call,
    input: DescribeSecurityGroupRulesRequest,
  ): DescribeSecurityGroupRulesResult => {
    const rows = scope.tables.securityGroups
      .all()
      .flatMap((group) => [
        ...group.ingress.map((rule) => ruleView(scope, group, { rule, isEgress: false })),
        ...egressOf(group).map((rule) => ruleView(scope, group, { rule, isEgress: true })),
      ])
      .filter(
        (rule) => input.SecurityGroupRuleIds?.includes(rule.SecurityGroupRuleId ?? '') ?? true,
      );
    const page = reading.page({
      rows: filtered(rows, input.Filters, {
        readers: RULE_FILTERS,
        tagsOf: () => ({}),
      }),
      key: (rule) => rule.SecurityGroupRuleId ?? '',
      token: input.NextToken,
      limit: input.MaxResults,
      max: 1000,
    });
    return { SecurityGroupRules: [...page.items], NextToken: page.nextToken };
  },
};

const GROUP_FILTERS: FilterReaders<SecurityGroupRecord> = {
  'group-id': (group) => group.groupId,
  'group-name': (group) => group.name,
  'vpc-id': (group) => group.vpcId,
  description: (group) => group.description,
};

const RULE_FILTERS: FilterReaders<SecurityGroupRule> = {
  'group-id': (rule) => rule.GroupId,
  'security-group-rule-id': (rule) => rule.SecurityGroupRuleId,
};

type Direction = 'ingress' | 'egress';

function authorize(
  scope: Scope,
  input: AuthorizeSecurityGroupIngressRequest,
  direction: Direction,
) {
  const group = getGroup(scope, input.GroupId);
  const permissions = requirePermissions(input.IpPermissions);
  for (const pair of permissions.flatMap(({ UserIdGroupPairs: pairs = [] }) => pairs))
    getGroup(scope, pair.GroupId);
  const before = rulesOf(group, direction);
  const rules = withRules(before, permissions);
  scope.tables.securityGroups.update(group.groupId, { [direction]: rules });
  return {
    Return: true,
    SecurityGroupRules: rules
      .slice(before.length)
      .map((rule) => ruleView(scope, group, { rule, isEgress: direction === 'egress' })),
  };
}

function revoke(scope: Scope, input: RevokeSecurityGroupIngressRequest, direction: Direction) {
  const group = getGroup(scope, input.GroupId);
  const rules = withoutRules(rulesOf(group, direction), requirePermissions(input.IpPermissions));
  scope.tables.securityGroups.update(group.groupId, { [direction]: rules });
  return { Return: true };
}

function rulesOf(group: SecurityGroupRecord, direction: Direction): readonly IpPermission[] {
  return direction === 'ingress' ? group.ingress : egressOf(group);
}

function egressOf({ egress = OPEN_EGRESS }: SecurityGroupRecord): readonly IpPermission[] {
  return egress;
}

function requirePermissions(permissions: readonly IpPermission[] | undefined) {
  if (permissions === undefined || permissions.length === 0)
    throw new AwsError('MissingParameter', 'Either ipPermissions or ruleId should be provided');
  return permissions;
}

function getGroup(scope: Scope, groupId: string | undefined): SecurityGroupRecord {
  const group = scope.tables.securityGroups.find(groupId ?? '');
  if (group === undefined)
    throw new AwsError('InvalidGroup.NotFound', `The security group '${groupId}' does not exist`);
  return group;
}

function checkName(name: string): void {
  if (name.length > NAME_MAX || /^sg-/i.test(name) || !/^[\w .:\-()#,@[\]+=&;{}!$*/]+$/.test(name))
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${name}) for parameter GroupName is invalid. Character sets beyond ASCII, a beginning with 'sg-' and more than ${NAME_MAX} characters are not supported.`,
    );
}

/** In use by an instance, a load balancer, or a rule of another group. */
function isUsed(scope: Scope, groupId: string): boolean {
  const { instances, loadBalancers, securityGroups } = scope.tables;
  return (
    instances
      .all()
      .some(
        ({ securityGroupIds, state }) =>
          state !== 'terminated' && securityGroupIds.includes(groupId),
      ) ||
    loadBalancers.all().some(({ securityGroupIds }) => securityGroupIds.includes(groupId)) ||
    securityGroups
      .all()
      .some(
        (other) =>
          other.groupId !== groupId &&
          [...other.ingress, ...egressOf(other)].some(
            ({ UserIdGroupPairs: pairs }) =>
              pairs?.some((pair) => pair.GroupId === groupId) === true,
          ),
      )
  );
}

function groupView(scope: Scope, group: SecurityGroupRecord): SecurityGroup {
  return {
    GroupId: group.groupId,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: scope.account,
    IpPermissions: [...joinedRules(group.ingress)],
    IpPermissionsEgress: [...joinedRules(egressOf(group))],
    Tags: tagList(scope, group.groupId),
  };
}

function ruleView(
  scope: Scope,
  group: SecurityGroupRecord,
  { rule, isEgress }: { readonly rule: IpPermission; readonly isEgress: boolean },
): SecurityGroupRule {
  const pair = rule.UserIdGroupPairs?.[0];
  return {
    SecurityGroupRuleId: `sgr-${hexOf(`${group.groupId}${isEgress}${ruleKey(rule)}`, 17)}`,
    GroupId: group.groupId,
    GroupOwnerId: scope.account,
    IsEgress: isEgress,
    IpProtocol: rule.IpProtocol,
    FromPort: rule.FromPort ?? -1,
    ToPort: rule.ToPort ?? -1,
    CidrIpv4: rule.IpRanges?.[0]?.CidrIp,
    CidrIpv6: rule.Ipv6Ranges?.[0]?.CidrIpv6,
    PrefixListId: rule.PrefixListIds?.[0]?.PrefixListId,
    ReferencedGroupInfo: pair === undefined ? undefined : { GroupId: pair.GroupId },
    Description: rule.IpRanges?.[0]?.Description ?? pair?.Description,
  };
}
