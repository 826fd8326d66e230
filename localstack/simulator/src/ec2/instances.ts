import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  Filter,
  Instance,
  InstanceStatus,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Page } from '../world/reading.js';
import type { Scope } from '../world/scope.js';
import { filtered, type FilterReaders } from './filters.js';
import { terminateInstance } from './instance-lifecycle.js';
import type { InstanceRecord, InstanceState } from './records.js';
import { tagList, tagsOf } from './tags.js';

const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};
/** Bounds of a page of DescribeInstances. */
const PAGE_MIN = 5;
const PAGE_MAX = 1000;
/** Status checks say "initializing" for the first minutes after boot; how long is an assumption. */
const STATUS_INITIALIZING_SECONDS = 60;

export const instanceHandlers: Handlers = {
  DescribeInstances: (call: Call, input: DescribeInstancesRequest): DescribeInstancesResult => {
    if (input.InstanceIds !== undefined && input.MaxResults !== undefined) {
      throw new AwsError(
        'InvalidParameterCombination',
        'The parameter instancesSet cannot be used with the parameter maxResults',
      );
    }
    const limit = input.MaxResults ?? PAGE_MIN;
    if (limit < PAGE_MIN || limit > PAGE_MAX) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ( ${limit} ) for parameter maxResults is invalid. Expecting a value between ${PAGE_MIN} and ${PAGE_MAX}.`,
      );
    }
    const named = selectInstances(call, input.InstanceIds, input.Filters);
    const rows = matching(call.scope, named, input.Filters);
    const page = pageUnlessNamed(call, rows, input);
    return {
      Reservations: page.items.map((instance) => ({
        ReservationId: instance.instanceId.replace('i-', 'r-'),
        OwnerId: call.scope.account,
        Groups: [],
        Instances: [instanceView(call.scope, instance)],
      })),
      NextToken: page.nextToken,
    };
  },
  DescribeInstanceStatus: (
    call: Call,
    input: DescribeInstanceStatusRequest,
  ): DescribeInstanceStatusResult => {
    const named = selectInstances(call, input.InstanceIds).filter(
      ({ state }) => input.IncludeAllInstances === true || state === 'running',
    );
    const rows = matching(call.scope, named, input.Filters);
    const page = pageUnlessNamed(call, rows, input);
    return {
      InstanceStatuses: page.items.map((instance) => statusView(call.scope, instance)),
      NextToken: page.nextToken,
    };
  },
  TerminateInstances: (
    { scope }: Call,
    input: TerminateInstancesRequest,
  ): TerminateInstancesResult => {
    const instances = (input.InstanceIds ?? []).map(
      (id) => scope.tables.instances.find(id) ?? failNotFound([id]),
    );
    for (const { instanceId } of instances) {
      terminateInstance(scope, instanceId, 'Client.UserInitiatedShutdown: User initiated shutdown');
    }
    return {
      TerminatingInstances: instances.map(({ instanceId, state }) => ({
        InstanceId: instanceId,
        PreviousState: stateView(state),
        CurrentState: stateView(scope.tables.instances.find(instanceId)?.state ?? 'terminated'),
      })),
    };
  },
};

/** The named instances, or all, as this call sees them: a new one may not be there yet. */
function selectInstances(
  { scope, reading }: Call,
  ids: readonly string[] | undefined,
  filters?: readonly Filter[],
): readonly InstanceRecord[] {
  const { instances } = scope.tables;
  if (ids === undefined || ids.length === 0) {
    const narrowed = narrowedBy(scope, filters);
    return narrowed === undefined
      ? instances.allAsOf(reading.asOf)
      : instances.someAsOf(narrowed, reading.asOf);
  }
  const found = instances.someAsOf([...new Set(ids)], reading.asOf);
  const seen = new Set(found.map(instanceKey));
  const missing = ids.filter((id) => !seen.has(id));
  if (missing.length > 0) failNotFound(missing);
  return found;
}

/** The only instances that can match, where a filter names them or their group exactly; `undefined`: any may. */
function narrowedBy(
  scope: Scope,
  filters: readonly Filter[] | undefined,
): readonly string[] | undefined {
  for (const { Name: name, Values: values = [] } of filters ?? []) {
    if (values.some((value) => /[*?]/.test(value))) continue;
    const distinct = [...new Set(values)];
    if (name === 'instance-id') return distinct;
    if (name === 'tag:aws:autoscaling:groupName')
      return distinct.flatMap((value) => scope.tables.tags.keysWhere('group', value));
  }
  return undefined;
}

interface InstancePaging {
  readonly InstanceIds?: readonly string[] | undefined;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** Named instances come all at once, the others in pages. */
function pageUnlessNamed(
  { reading }: Call,
  rows: readonly InstanceRecord[],
  input: InstancePaging,
): Page<InstanceRecord> {
  if (input.InstanceIds !== undefined)
    return { items: reading.all(rows, instanceKey), nextToken: undefined };
  return reading.page({
    rows,
    key: instanceKey,
    token: input.NextToken,
    limit: input.MaxResults,
    max: 1000,
  });
}

function instanceKey(instance: InstanceRecord): string {
  return instance.instanceId;
}

/** Refuses a call that names instances that there are not. */
export function failNotFound(ids: readonly string[]): never {
  const subject = ids.length === 1 ? `ID '${ids[0]}' does` : `IDs '${ids.join(', ')}' do`;
  throw new AwsError('InvalidInstanceID.NotFound', `The instance ${subject} not exist`);
}

function matching(
  scope: Scope,
  instances: readonly InstanceRecord[],
  filters: readonly Filter[] | undefined,
): readonly InstanceRecord[] {
  return filtered(instances, filters, {
    readers: INSTANCE_FILTERS,
    tagsOf: ({ instanceId }) => tagsOf(scope, instanceId),
  });
}

const INSTANCE_FILTERS: FilterReaders<InstanceRecord> = {
  'instance-id': (instance) => instance.instanceId,
  'instance-state-name': (instance) => instance.state,
  'instance-state-code': (instance) => String(STATE_CODES[instance.state]),
  'instance-type': (instance) => instance.instanceType,
  'image-id': (instance) => instance.imageId,
  'vpc-id': (instance) => instance.vpcId,
  'subnet-id': (instance) => instance.subnetId,
  'availability-zone': (instance) => instance.zone,
  'private-ip-address': (instance) => instance.privateIp,
  'instance.group-id': (instance) => instance.securityGroupIds,
};

/** A state as EC2 shows it, with its code. */
export function stateView(state: InstanceState) {
  return { Code: STATE_CODES[state], Name: state };
}

/** An instance as EC2 shows it. */
export function instanceView(scope: Scope, instance: InstanceRecord): Instance {
  const isGone = instance.state === 'terminated';
  return {
    InstanceId: instance.instanceId,
    ImageId: instance.imageId,
    InstanceType: instance.instanceType as NonNullable<Instance['InstanceType']>,
    State: stateView(instance.state),
    StateTransitionReason: instance.reason,
    LaunchTime: new Date(instance.launchedAt),
    Placement: { AvailabilityZone: instance.zone, Tenancy: 'default', GroupName: '' },
    ...(isGone
      ? {}
      : {
          SubnetId: instance.subnetId,
          VpcId: instance.vpcId,
          PrivateIpAddress: instance.privateIp,
        }),
    PrivateDnsName: isGone
      ? ''
      : `ip-${instance.privateIp.replaceAll('.', '-')}.${scope.region}.compute.internal`,
    SecurityGroups: instance.securityGroupIds.map((id) => ({
      GroupId: id,
      GroupName: scope.tables.securityGroups.find(id)?.name,
    })),
    KeyName: instance.keyName,
    IamInstanceProfile:
      instance.profileName === undefined
        ? undefined
        : { Arn: `arn:aws:iam::${scope.account}:instance-profile/${instance.profileName}` },
    Architecture: 'x86_64',
    RootDeviceType: 'ebs',
    VirtualizationType: 'hvm',
    Monitoring: { State: 'disabled' },
    AmiLaunchIndex: 0,
    Tags: tagList(scope, instance.instanceId),
  };
}

function statusView(scope: Scope, instance: InstanceRecord): InstanceStatus {
  const isYoung = scope.now() - instance.launchedAt < STATUS_INITIALIZING_SECONDS * 1000;
  const status = instance.state !== 'running' ? 'not-applicable' : isYoung ? 'initializing' : 'ok';
  return {
    InstanceId: instance.instanceId,
    AvailabilityZone: instance.zone,
    InstanceState: stateView(instance.state),
    InstanceStatus: { Status: status },
    SystemStatus: { Status: status },
  };
}
