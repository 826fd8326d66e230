import type {
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
  DeleteLoadBalancerInput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  LoadBalancer,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, validationError } from '../wire/aws-error.js';
import { notThere } from '../wire/not-there.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import {
  attributeViews,
  changedAttributes,
  defaultsOf,
  LOAD_BALANCER_ATTRIBUTES,
} from './attributes.js';
import { setElbTags } from './elb-tags.js';
import { deleteListener } from './listeners.js';
import { listed } from './listing.js';
import { QUOTAS, requireRoom } from './quotas.js';
import type { LoadBalancerRecord } from './records.js';

/** From `provisioning` to `active`; an assumption. */
const PROVISIONING_SECONDS = 5;

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
    const found = scope.tables.loadBalancers.find(arn);
    if (found?.attributes['deletion_protection.enabled'] === 'true')
      throw new AwsError(
        'OperationNotPermitted',
        `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
      );
    for (const listener of scope.tables.listeners.where('loadBalancer', arn))
      deleteListener(scope, listener);
    scope.tables.loadBalancers.delete(arn);
    scope.tables.elbTags.delete(arn);
    return {};
  },
  DescribeLoadBalancerAttributes: (
    { scope }: Call,
    input: DescribeLoadBalancerAttributesInput,
  ): DescribeLoadBalancerAttributesOutput => ({
    Attributes: attributeViews({
      ...defaultsOf(LOAD_BALANCER_ATTRIBUTES),
      ...getLoadBalancer(scope, input.LoadBalancerArn).attributes,
    }),
  }),
  ModifyLoadBalancerAttributes: (
    { scope }: Call,
    input: ModifyLoadBalancerAttributesInput,
  ): ModifyLoadBalancerAttributesOutput => {
    const { arn, attributes: before } = getLoadBalancer(scope, input.LoadBalancerArn);
    const attributes = changedAttributes(LOAD_BALANCER_ATTRIBUTES, before, input.Attributes ?? []);
    scope.tables.loadBalancers.update(arn, { attributes });
    return { Attributes: attributeViews(attributes) };
  },
};

function getLoadBalancer(scope: Scope, arn: string | undefined): LoadBalancerRecord {
  const found = scope.tables.loadBalancers.find(arn ?? '');
  if (found === undefined)
    throw new AwsError('LoadBalancerNotFound', `Load balancers '[${arn}]' not found`);
  return found;
}

function createLoadBalancer(scope: Scope, input: CreateLoadBalancerInput): LoadBalancerRecord {
  const name = input.Name ?? '';
  if (!/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name)) {
    throw validationError(
      `The load balancer name '${name}' can have at most 32 characters, letters, digits and hyphens, and must not begin or end with a hyphen`,
    );
  }
  if (name.startsWith('internal-'))
    throw validationError(`The load balancer name '${name}' cannot begin with 'internal-'`);
  if ((input.Type ?? 'application') !== 'application')
    throw notThere(`Load balancers of type '${input.Type}' are not yet implemented or pro feature`);
  requireRoom('TooManyLoadBalancers', {
    there: scope.tables.loadBalancers.size,
    added: 1,
    max: QUOTAS.loadBalancers,
  });
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
    attributes: defaultsOf(LOAD_BALANCER_ATTRIBUTES),
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
