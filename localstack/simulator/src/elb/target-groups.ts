import type {
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
  DeleteTargetGroupInput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupAttributesOutput,
  ModifyTargetGroupInput,
  ModifyTargetGroupOutput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, validationError } from '../wire/aws-error.js';
import { notThere } from '../wire/not-there.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import {
  attributeViews,
  changedAttributes,
  checkTogether,
  defaultsOf,
  TARGET_GROUP_ATTRIBUTES,
} from './attributes.js';
import { setElbTags } from './elb-tags.js';
import { listed } from './listing.js';
import type { HealthCheck, TargetGroupRecord } from './records.js';
import { QUOTAS, requireRoom } from './quotas.js';
import { isInUse, loadBalancersOf, refreshChecks, targetKey } from './target-health.js';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
export const targetGroupHandlers: Handlers = {
  CreateTargetGroup: ({ scope }: Call, input: CreateTargetGroupInput): CreateTargetGroupOutput => {
    const same = scope.tables.targetGroups.all().find(({ name }) => name === input.Name);
    if (same !== undefined && comparable(same.request) !== comparable(input)) {
      throw new AwsError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${input.Name}' exists, but with different settings`,
      );
    }
    return { TargetGroups: [targetGroupView(scope, same ?? createTargetGroup(scope, input))] };
  },
  DescribeTargetGroups: (
    { scope, reading }: Call,
    input: DescribeTargetGroupsInput,
  ): DescribeTargetGroupsOutput => {
    const rows = listed(scope.tables.targetGroups.all(), {
      arns: input.TargetGroupArns,
      names: input.Names,
      notFound: (subject) =>
        new AwsError('TargetGroupNotFound', `Target groups '${subject}' not found`),
    }).filter(
      ({ arn }) =>
        input.LoadBalancerArn === undefined ||
        loadBalancersOf(scope, arn).includes(input.LoadBalancerArn),
    );
    const page = reading.page({
      rows,
      key: (row) => row.arn,
      token: input.Marker,
      limit: input.PageSize,
      max: 400,
    });
    return {
      TargetGroups: page.items.map((row) => targetGroupView(scope, row)),
      NextMarker: page.nextToken,
    };
  },
  ModifyTargetGroup: ({ scope }: Call, input: ModifyTargetGroupInput): ModifyTargetGroupOutput => {
    const group = getTargetGroup(scope, input.TargetGroupArn);
    const healthCheck = healthCheckOf(input, group.healthCheck);
    if (healthCheck.enabled === false && group.targetType !== 'lambda')
      throw validationError(
        `Health check enabled must be true for target groups with target type '${group.targetType}'`,
      );
    scope.tables.targetGroups.update(group.arn, { healthCheck });
    refreshChecks(scope, { ...group, healthCheck });
    return { TargetGroups: [targetGroupView(scope, { ...group, healthCheck })] };
  },
  DeleteTargetGroup: ({ scope }: Call, input: DeleteTargetGroupInput) => {
    const group = getTargetGroup(scope, input.TargetGroupArn);
    if (isInUse(scope, group.arn)) {
      throw new AwsError(
        'ResourceInUse',
        `Target group '${group.arn}' is currently in use by a listener or a rule`,
      );
    }
    for (const target of scope.tables.targets.where('targetGroup', group.arn))
      scope.tables.targets.delete(targetKey(target));
    scope.tables.targetGroups.delete(group.arn);
    scope.tables.elbTags.delete(group.arn);
    return {};
  },
  DescribeTargetGroupAttributes: (
    { scope }: Call,
    input: DescribeTargetGroupAttributesInput,
  ): DescribeTargetGroupAttributesOutput => ({
    Attributes: attributeViews(getTargetGroup(scope, input.TargetGroupArn).attributes),
  }),
  ModifyTargetGroupAttributes: (
    { scope }: Call,
    input: ModifyTargetGroupAttributesInput,
  ): ModifyTargetGroupAttributesOutput => {
    const group = getTargetGroup(scope, input.TargetGroupArn);
    const attributes = changedAttributes(
      TARGET_GROUP_ATTRIBUTES,
      group.attributes,
      input.Attributes ?? [],
    );
    checkTogether(attributes);
    scope.tables.targetGroups.update(group.arn, { attributes });
    return { Attributes: attributeViews(attributes) };
  },
};

/** The target group of that ARN, or ELB's refusal. */
export function getTargetGroup(scope: Scope, arn: string | undefined): TargetGroupRecord {
  const group = scope.tables.targetGroups.find(arn ?? '');
  if (group === undefined)
    throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
  return group;
}

function createTargetGroup(scope: Scope, input: CreateTargetGroupInput): TargetGroupRecord {
  const name = input.Name ?? '';
  if (!/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name)) {
    throw validationError(
      `Target group name '${name}' can have at most 32 characters, letters, digits and hyphens, and must not begin or end with a hyphen`,
    );
  }
  requireRoom('TooManyTargetGroups', {
    there: scope.tables.targetGroups.size,
    added: 1,
    max: QUOTAS.targetGroups,
  });
  const targetType = input.TargetType ?? 'instance';
  checkEndpoint(scope, input, targetType);
  const arn = `arn:aws:elasticloadbalancing:${scope.region}:${scope.account}:targetgroup/${name}/${scope.world.nextHex(16)}`;
  const record: TargetGroupRecord = {
    arn,
    name,
    protocol: input.Protocol ?? '',
    port: input.Port ?? 0,
    vpcId: input.VpcId,
    targetType,
    healthCheck: healthCheckOf(input, {
      enabled: targetType !== 'lambda',
      protocol: input.Protocol ?? 'HTTP',
      port: 'traffic-port',
      path: '/',
      intervalSeconds: targetType === 'lambda' ? 35 : 30,
      timeoutSeconds: targetType === 'lambda' ? 30 : 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: '200',
    }),
    attributes: defaultsOf(TARGET_GROUP_ATTRIBUTES),
    request: input,
  };
  if (record.healthCheck.enabled === false && targetType !== 'lambda')
    throw validationError(
      `Health check enabled must be true for target groups with target type '${targetType}'`,
    );
  scope.tables.targetGroups.put(arn, record);
  setElbTags(scope, arn, input.Tags);
  return record;
}

function checkEndpoint(scope: Scope, input: CreateTargetGroupInput, targetType: string): void {
  if (targetType === 'lambda') {
    if (input.Protocol ?? input.Port ?? input.VpcId)
      throw validationError(`Target groups of type 'lambda' take no protocol, port or VPC`);
    return;
  }
  if (targetType !== 'instance')
    throw notThere(`Target groups of type '${targetType}' are not yet implemented or pro feature`);
  const { Protocol: protocol, Port: port, VpcId: vpcId } = input;
  if (protocol === undefined || port === undefined || vpcId === undefined)
    throw validationError('A protocol, a port and a VPC must be specified');
  if (protocol !== 'HTTP' && protocol !== 'HTTPS')
    throw notThere(
      `Target groups of protocol '${protocol}' are not yet implemented or pro feature`,
    );
  requireWithin('Port', port, [1, 65_535]);
  if (scope.tables.vpcs.find(vpcId) === undefined)
    throw validationError(`The VPC ID '${vpcId}' is not found`);
}

function healthCheckOf(
  input: CreateTargetGroupInput | ModifyTargetGroupInput,
  before: HealthCheck,
): HealthCheck {
  const check: HealthCheck = {
    enabled: input.HealthCheckEnabled ?? before.enabled ?? true,
    protocol: input.HealthCheckProtocol ?? before.protocol,
    port: input.HealthCheckPort ?? before.port,
    path: input.HealthCheckPath ?? before.path,
    intervalSeconds: input.HealthCheckIntervalSeconds ?? before.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? before.timeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount ?? before.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? before.unhealthyThreshold,
    matcher: input.Matcher?.HttpCode ?? before.matcher,
  };
  requireWithin('Health check interval', check.intervalSeconds, [5, 300]);
  requireWithin('Health check timeout', check.timeoutSeconds, [2, 120]);
  requireWithin('Healthy threshold count', check.healthyThreshold, [2, 10]);
  requireWithin('Unhealthy threshold count', check.unhealthyThreshold, [2, 10]);
  if (!/^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/.test(check.matcher))
    throw validationError(`Health check matcher HTTP code '${check.matcher}' is not valid`);
  if (!check.path.startsWith('/') || check.path.length > 1024)
    throw validationError(`Health check path '${check.path}' must begin with a '/'`);
  if (check.port !== 'traffic-port' && !(Number(check.port) >= 1 && Number(check.port) <= 65_535))
    throw validationError(`Health check port '${check.port}' must be 'traffic-port' or a port`);
  if (check.timeoutSeconds >= check.intervalSeconds) {
    throw validationError(`Health check interval must be greater than the timeout.`);
  }
  return check;
}

function requireWithin(label: string, value: number, [min, max]: readonly [number, number]): void {
  if (value < min || value > max)
    throw validationError(`${label} '${value}' must be between '${min}' and '${max}' inclusive`);
}

/** What must be equal for a repeated create to be the same one; tags do not count. */
function comparable(request: CreateTargetGroupInput): string {
  const { Tags: _tags, ...settings } = request;
  return JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function targetGroupView(scope: Scope, group: TargetGroupRecord): TargetGroup {
  const { healthCheck } = group;
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    ...(group.targetType === 'lambda'
      ? {}
      : {
          Protocol: group.protocol as NonNullable<TargetGroup['Protocol']>,
          Port: group.port,
          VpcId: group.vpcId,
          ProtocolVersion: 'HTTP1',
        }),
    TargetType: group.targetType as NonNullable<TargetGroup['TargetType']>,
    IpAddressType: 'ipv4',
    HealthCheckEnabled: healthCheck.enabled ?? true,
    HealthCheckProtocol: healthCheck.protocol as NonNullable<TargetGroup['HealthCheckProtocol']>,
    HealthCheckPort: healthCheck.port,
    HealthCheckPath: healthCheck.path,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    Matcher: { HttpCode: healthCheck.matcher },
    LoadBalancerArns: [...loadBalancersOf(scope, group.arn)],
  };
}
