import type {
  Action,
  CreateListenerInput,
  CreateListenerOutput,
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
  DeleteListenerInput,
  DeleteLoadBalancerInput,
  DescribeListenersInput,
  DescribeListenersOutput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  Listener,
  LoadBalancer,
  ModifyListenerInput,
  ModifyListenerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { setElbTags } from './elb-tags.js';
import { listed } from './listing.js';
import type { ListenerRecord, LoadBalancerRecord } from './records.js';
import { refreshUse } from './target-health.js';

/** From `provisioning` to `active`; an assumption. */
const PROVISIONING_SECONDS = 5;
const WEIGHT_MAX = 999;
const FORWARD_TARGET_GROUPS_MAX = 5;

/** Application load balancers and listeners: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/ */
export const loadBalancerHandlers: Handlers = {
  CreateLoadBalancer: (
    { scope }: Call,
    input: CreateLoadBalancerInput,
  ): CreateLoadBalancerOutput => {
    const existing = scope.tables.loadBalancers.all().find(({ name }) => name === input.Name);
    if (existing !== undefined)
      return { LoadBalancers: [loadBalancerView(scope, repeatOf(existing, input))] };
    const record = createLoadBalancer(scope, input);
    return { LoadBalancers: [loadBalancerView(scope, record)] };
  },
  DescribeLoadBalancers: (
    { scope, reading }: Call,
    input: DescribeLoadBalancersInput,
  ): DescribeLoadBalancersOutput => {
    const rows = listed(scope.tables.loadBalancers.all(), {
      arns: input.LoadBalancerArns,
      names: input.Names,
      notFound: (subject) =>
        new AwsError('LoadBalancerNotFound', `Load balancers '[${subject}]' not found`),
    });
    const page = reading.page({
      rows,
      key: (row) => row.arn,
      token: input.Marker,
      limit: input.PageSize,
      max: 400,
    });
    return {
      LoadBalancers: page.items.map((row) => loadBalancerView(scope, row)),
      NextMarker: page.nextToken,
    };
  },
  DeleteLoadBalancer: ({ scope }: Call, input: DeleteLoadBalancerInput) => {
    const arn = input.LoadBalancerArn ?? '';
    for (const listener of scope.tables.listeners.where('loadBalancer', arn))
      deleteListener(scope, listener);
    scope.tables.loadBalancers.delete(arn);
    scope.tables.elbTags.delete(arn);
    return {};
  },
  CreateListener: ({ scope }: Call, input: CreateListenerInput): CreateListenerOutput => {
    const loadBalancer = scope.tables.loadBalancers.find(input.LoadBalancerArn ?? '');
    if (loadBalancer === undefined)
      throw new AwsError(
        'LoadBalancerNotFound',
        `Load balancer '${input.LoadBalancerArn}' not found`,
      );
    if (input.Port === undefined || input.Protocol === undefined)
      throw validationError('A listener needs a port and a protocol');
    const actions = checkedActions(scope, input.DefaultActions);
    const same = scope.tables.listeners
      .where('loadBalancer', loadBalancer.arn)
      .find(({ port }) => port === input.Port);
    if (same !== undefined) {
      const isEqual =
        same.protocol === input.Protocol &&
        JSON.stringify(same.actions) === JSON.stringify(actions);
      if (!isEqual)
        throw new AwsError(
          'DuplicateListener',
          'A listener already exists on this port for this load balancer',
        );
      return { Listeners: [listenerView(same)] };
    }
    const arn = `${loadBalancer.arn.replace(':loadbalancer/', ':listener/')}/${scope.world.nextHex(16)}`;
    const listener = {
      arn,
      loadBalancerArn: loadBalancer.arn,
      port: input.Port,
      protocol: input.Protocol,
      actions,
    };
    scope.tables.listeners.put(arn, listener);
    setElbTags(scope, arn, input.Tags);
    for (const group of targetGroupsOf(actions)) refreshUse(scope, group);
    return { Listeners: [listenerView(listener)] };
  },
  ModifyListener: ({ scope }: Call, input: ModifyListenerInput): ModifyListenerOutput => {
    const before = getListener(scope, input.ListenerArn);
    const actions =
      input.DefaultActions === undefined
        ? before.actions
        : checkedActions(scope, input.DefaultActions);
    const after = {
      ...before,
      actions,
      port: input.Port ?? before.port,
      protocol: input.Protocol ?? before.protocol,
    };
    scope.tables.listeners.put(after.arn, after);
    for (const group of new Set([...targetGroupsOf(before.actions), ...targetGroupsOf(actions)]))
      refreshUse(scope, group);
    return { Listeners: [listenerView(after)] };
  },
  DeleteListener: ({ scope }: Call, input: DeleteListenerInput) => {
    deleteListener(scope, getListener(scope, input.ListenerArn));
    return {};
  },
  DescribeListeners: (
    { scope, reading }: Call,
    input: DescribeListenersInput,
  ): DescribeListenersOutput => {
    if (
      input.LoadBalancerArn !== undefined &&
      scope.tables.loadBalancers.find(input.LoadBalancerArn) === undefined
    ) {
      throw new AwsError(
        'LoadBalancerNotFound',
        `Load balancer '${input.LoadBalancerArn}' not found`,
      );
    }
    const rows =
      input.ListenerArns?.map((arn) => getListener(scope, arn)) ??
      scope.tables.listeners.where('loadBalancer', input.LoadBalancerArn ?? '');
    const page = reading.page({
      rows,
      key: (row) => row.arn,
      token: input.Marker,
      limit: input.PageSize,
      max: 400,
    });
    return { Listeners: page.items.map(listenerView), NextMarker: page.nextToken };
  },
};

/** The target groups that actions forward to. */
export function targetGroupsOf(actions: readonly Action[]): readonly string[] {
  return actions.flatMap((action) => [
    ...(action.TargetGroupArn === undefined ? [] : [action.TargetGroupArn]),
    ...(action.ForwardConfig?.TargetGroups ?? []).flatMap(({ TargetGroupArn: arn }) =>
      arn === undefined ? [] : [arn],
    ),
  ]);
}

function createLoadBalancer(scope: Scope, input: CreateLoadBalancerInput): LoadBalancerRecord {
  const name = input.Name ?? '';
  if (!/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name)) {
    throw validationError(
      `The load balancer name '${name}' can have at most 32 characters, letters, digits and hyphens, and must not begin or end with a hyphen`,
    );
  }
  const subnetIds =
    input.Subnets ?? input.SubnetMappings?.map(({ SubnetId: id }) => id ?? '') ?? [];
  const subnets = subnetIds.map((id) => {
    const subnet = scope.tables.subnets.find(id);
    if (subnet === undefined)
      throw new AwsError('SubnetNotFound', `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  if (new Set(subnets.map(({ zone }) => zone)).size < 2) {
    throw new AwsError(
      'ValidationError',
      'At least two subnets in two different Availability Zones must be specified',
    );
  }
  const arn = `arn:aws:elasticloadbalancing:${scope.region}:${scope.account}:loadbalancer/app/${name}/${scope.world.nextHex(16)}`;
  const record: LoadBalancerRecord = {
    arn,
    name,
    dnsName: `${name}-${scope.world.nextHex(10)}.${scope.region}.elb.amazonaws.com`,
    scheme: input.Scheme ?? 'internet-facing',
    type: input.Type ?? 'application',
    vpcId: subnets[0]?.vpcId ?? '',
    subnetIds,
    securityGroupIds: input.SecurityGroups ?? [],
    createdAt: scope.now(),
    activeAt: scope.now() + PROVISIONING_SECONDS * 1000,
    attributes: { 'deletion_protection.enabled': 'false', 'idle_timeout.timeout_seconds': '60' },
  };
  scope.tables.loadBalancers.put(arn, record);
  setElbTags(scope, arn, input.Tags);
  return record;
}

/** "This operation is idempotent": a repeat with equal settings succeeds, one with others is refused. */
function repeatOf(
  existing: LoadBalancerRecord,
  input: CreateLoadBalancerInput,
): LoadBalancerRecord {
  const isEqual =
    sorted(input.Subnets ?? []) === sorted(existing.subnetIds) &&
    sorted(input.SecurityGroups ?? []) === sorted(existing.securityGroupIds) &&
    (input.Scheme ?? 'internet-facing') === existing.scheme;
  if (isEqual) return existing;
  throw new AwsError(
    'DuplicateLoadBalancerName',
    `A load balancer with the same name '${existing.name}' exists, but with different settings`,
  );
}

function sorted(values: readonly string[]): string {
  return values.toSorted().join(',');
}

function checkedActions(scope: Scope, actions: readonly Action[] | undefined): readonly Action[] {
  for (const action of actions ?? []) {
    const tuples = action.ForwardConfig?.TargetGroups ?? [];
    if (tuples.length > FORWARD_TARGET_GROUPS_MAX) {
      throw new AwsError(
        'TooManyTargetGroups',
        `A forward action may have at most ${FORWARD_TARGET_GROUPS_MAX} target groups`,
      );
    }
    for (const { Weight: weight = 1 } of tuples) {
      if (!Number.isInteger(weight) || weight < 0 || weight > WEIGHT_MAX) {
        throw validationError(
          `Target group weight '${weight}' must be between 0 and ${WEIGHT_MAX}`,
        );
      }
    }
    for (const arn of targetGroupsOf([action])) {
      if (scope.tables.targetGroups.find(arn) === undefined)
        throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
    }
  }
  return actions ?? [];
}

function getListener(scope: Scope, arn: string | undefined): ListenerRecord {
  const listener = scope.tables.listeners.find(arn ?? '');
  if (listener === undefined) throw new AwsError('ListenerNotFound', `Listener '${arn}' not found`);
  return listener;
}

function deleteListener(scope: Scope, listener: ListenerRecord): void {
  scope.tables.listeners.delete(listener.arn);
  scope.tables.elbTags.delete(listener.arn);
  for (const group of targetGroupsOf(listener.actions)) refreshUse(scope, group);
}

function loadBalancerView(scope: Scope, record: LoadBalancerRecord): LoadBalancer {
  return {
    LoadBalancerArn: record.arn,
    LoadBalancerName: record.name,
    DNSName: record.dnsName,
    Scheme: record.scheme as NonNullable<LoadBalancer['Scheme']>,
    Type: record.type as NonNullable<LoadBalancer['Type']>,
    VpcId: record.vpcId,
    State: { Code: scope.now() < record.activeAt ? 'provisioning' : 'active' },
    SecurityGroups: [...record.securityGroupIds],
    AvailabilityZones: record.subnetIds.map((id) => ({
      SubnetId: id,
      ZoneName: scope.tables.subnets.find(id)?.zone,
    })),
    CreatedTime: new Date(record.createdAt),
    IpAddressType: 'ipv4',
    CanonicalHostedZoneId: 'Z32O12XQLNTSW2',
  };
}

/** A forward to one target group is shown both ways, as AWS does. */
function listenerView(listener: ListenerRecord): Listener {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol as NonNullable<Listener['Protocol']>,
    DefaultActions: listener.actions.map((action) => {
      if (action.Type !== 'forward') return action;
      const tuples = action.ForwardConfig?.TargetGroups ?? [
        { TargetGroupArn: action.TargetGroupArn, Weight: 1 },
      ];
      const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false };
      return {
        ...action,
        ...(tuples.length === 1 ? { TargetGroupArn: tuples[0]?.TargetGroupArn } : {}),
        ForwardConfig: {
          TargetGroups: tuples.map((tuple) => ({ ...tuple, Weight: tuple.Weight ?? 1 })),
          TargetGroupStickinessConfig: stickiness,
        },
      };
    }),
  };
}
