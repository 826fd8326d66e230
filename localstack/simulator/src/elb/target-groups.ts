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
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { setElbTags } from './elb-tags.js';
import { listed } from './listing.js';
import type { HealthCheck, TargetGroupRecord } from './records.js';
import { isInUse, loadBalancersOf, targetKey } from './target-health.js';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
const DEFAULT_ATTRIBUTES: Readonly<Record<string, string>> = {
  'deregistration_delay.timeout_seconds': '300',
  'slow_start.duration_seconds': '0',
  'stickiness.enabled': 'false',
  'stickiness.type': 'lb_cookie',
  'stickiness.lb_cookie.duration_seconds': '86400',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
};

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
    scope.tables.targetGroups.update(group.arn, { healthCheck });
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
    Attributes: attributesView(getTargetGroup(scope, input.TargetGroupArn)),
  }),
  ModifyTargetGroupAttributes: (
    { scope }: Call,
    input: ModifyTargetGroupAttributesInput,
  ): ModifyTargetGroupAttributesOutput => {
    const group = getTargetGroup(scope, input.TargetGroupArn);
    const changes = (input.Attributes ?? []).map(
      ({ Key: key = '', Value: value = '' }): [string, string] => {
        if (!Object.hasOwn(DEFAULT_ATTRIBUTES, key))
          throw validationError(`Target group attribute key '${key}' is not recognized`);
        if (
          key === 'deregistration_delay.timeout_seconds' &&
          !(/^\d+$/.test(value) && Number(value) <= 3600)
        ) {
          throw validationError(`'${key}' must be between '0' and '3600' inclusive`);
        }
        return [key, value];
      },
    );
    const attributes = { ...group.attributes, ...Object.fromEntries(changes) };
    scope.tables.targetGroups.update(group.arn, { attributes });
    return { Attributes: attributesView({ ...group, attributes }) };
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
  if (input.Protocol === undefined || input.Port === undefined || input.VpcId === undefined) {
    throw validationError('A protocol, a port and a VPC must be specified');
  }
  if (scope.tables.vpcs.find(input.VpcId) === undefined)
    throw validationError(`The VPC ID '${input.VpcId}' is not found`);
  const arn = `arn:aws:elasticloadbalancing:${scope.region}:${scope.account}:targetgroup/${name}/${scope.world.nextHex(16)}`;
  const record: TargetGroupRecord = {
    arn,
    name,
    protocol: input.Protocol,
    port: input.Port,
    vpcId: input.VpcId,
    targetType: input.TargetType ?? 'instance',
    healthCheck: healthCheckOf(input, {
      protocol: input.Protocol,
      port: 'traffic-port',
      path: '/',
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: '200',
    }),
    attributes: DEFAULT_ATTRIBUTES,
    request: input,
  };
  scope.tables.targetGroups.put(arn, record);
  setElbTags(scope, arn, input.Tags);
  return record;
}

function healthCheckOf(
  input: CreateTargetGroupInput | ModifyTargetGroupInput,
  before: HealthCheck,
): HealthCheck {
  const check: HealthCheck = {
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
    Protocol: group.protocol as NonNullable<TargetGroup['Protocol']>,
    Port: group.port,
    VpcId: group.vpcId,
    TargetType: group.targetType as NonNullable<TargetGroup['TargetType']>,
    ProtocolVersion: 'HTTP1',
    IpAddressType: 'ipv4',
    HealthCheckEnabled: true,
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

function attributesView(group: TargetGroupRecord) {
  return Object.entries(group.attributes).map(([Key, Value]) => ({ Key, Value }));
}
