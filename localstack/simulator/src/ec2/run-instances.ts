import type {
  InstanceStateChange,
  RebootInstancesRequest,
  Reservation,
  RunInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { freeAddresses, noFreeAddress } from './addresses.js';
import { findReplay, rememberToken } from './client-token.js';
import {
  launchInstance,
  startInstance,
  stopInstance,
  type LaunchRequest,
} from './instance-lifecycle.js';
import { failNotFound, instanceView, stateView } from './instances.js';
import { getTemplate, getVersion } from './launch-template-views.js';
import type { InstanceRecord, InstanceState } from './records.js';
import { specifiedTags } from './tags.js';
import { instancesAllowed, requireVcpus } from './vcpus.js';

const TOKEN_MAX = 64;
const COUNT_MAX = 1000;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html */
export const runInstanceHandlers: Handlers = {
  RunInstances: ({ scope }: Call, input: RunInstancesRequest): Reservation => {
    if ((input.ClientToken?.length ?? 0) > TOKEN_MAX)
      throw new AwsError('InvalidParameterValue', 'The client token is longer than 64 characters.');
    const use = { action: 'RunInstances', token: input.ClientToken, request: input };
    const replayed = findReplay(scope, use);
    const ids = replayed?.resourceId.split(',') ?? launchAll(scope, input);
    if (replayed === undefined)
      rememberToken(scope, use, { resourceId: ids.join(','), version: 1 });
    const instances = ids
      .map((id) => scope.tables.instances.find(id))
      .filter((instance) => instance !== undefined);
    return {
      ReservationId: (ids[0] ?? '').replace('i-', 'r-'),
      OwnerId: scope.account,
      Groups: [],
      Instances: instances.map((instance) => instanceView(scope, instance)),
    };
  },
  StopInstances: ({ scope }: Call, input: StopInstancesRequest): StopInstancesResult => ({
    StoppingInstances: changeStates(scope, input.InstanceIds, {
      verb: 'stopped',
      from: ['running', 'stopping', 'stopped'],
      act: (id) => stopInstance(scope, id, 'User initiated'),
    }),
  }),
  StartInstances: ({ scope }: Call, input: StartInstancesRequest): StartInstancesResult => ({
    StartingInstances: changeStates(scope, input.InstanceIds, {
      verb: 'started',
      from: ['stopped', 'running', 'pending'],
      act: (id) => {
        const instance = scope.tables.instances.find(id);
        if (instance?.state === 'stopped') requireVcpus(scope, instance.instanceType);
        startInstance(scope, id);
      },
    }),
  }),
  RebootInstances: ({ scope }: Call, input: RebootInstancesRequest) => {
    // A reboot keeps the state and the checks that pass.
    changeStates(scope, input.InstanceIds, {
      verb: 'rebooted',
      from: ['running'],
      act: () => undefined,
    });
    return {};
  },
};

/** All of them, or none when one is unknown or in a state that does not allow it. */
function changeStates(
  scope: Scope,
  ids: readonly string[] | undefined,
  change: {
    readonly verb: string;
    readonly from: readonly InstanceState[];
    readonly act: (id: string) => void;
  },
): InstanceStateChange[] {
  const instances = (ids ?? []).map((id) => scope.tables.instances.find(id) ?? failNotFound([id]));
  const wrong = instances.find(({ state }) => !change.from.includes(state));
  if (wrong !== undefined)
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${wrong.instanceId}' is not in a state from which it can be ${change.verb}.`,
    );
  return instances.map(({ instanceId, state }) => {
    change.act(instanceId);
    const now = scope.tables.instances.find(instanceId)?.state ?? state;
    return {
      InstanceId: instanceId,
      PreviousState: stateView(state),
      CurrentState: stateView(now),
    };
  });
}

function launchAll(scope: Scope, input: RunInstancesRequest): readonly string[] {
  const { MinCount: min = 0, MaxCount: max = 0 } = input;
  if (min < 1 || max < min || max > COUNT_MAX)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${min}..${max}) for parameter maxCount is invalid. The count must be between 1 and ${COUNT_MAX}, the minimum not above the maximum.`,
    );
  const request = requestOf(scope, input);
  const free = freeAddresses(scope, request.subnetId);
  if (free < min) throw noFreeAddress(request.subnetId, min);
  const zone = scope.tables.subnets.find(request.subnetId)?.zone ?? '';
  if (!scope.world.capacity.has(scope.region, zone, request.instanceType))
    throw new AwsError(
      'InsufficientInstanceCapacity',
      `We currently do not have sufficient ${request.instanceType} capacity in the Availability Zone you requested (${zone}).`,
      500,
    );
  requireVcpus(scope, request.instanceType, min);
  const launched = Math.min(max, free, instancesAllowed(scope, request.instanceType));
  return Array.from({ length: launched }, () => launchInstance(scope, request)).map(
    ({ instanceId }: InstanceRecord) => instanceId,
  );
}

/** The call's own members count more than the launch template's. */
function requestOf(scope: Scope, input: RunInstancesRequest): LaunchRequest {
  const specification = input.LaunchTemplate;
  const template = specification === undefined ? undefined : getTemplate(scope, specification);
  const version =
    template === undefined
      ? undefined
      : getVersion(scope, template, specification?.Version ?? '$Default');
  const imageId = input.ImageId ?? version?.data.ImageId;
  if (imageId === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  if (scope.tables.images.find(imageId)?.state !== 'available')
    throw new AwsError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
  const subnetId = input.SubnetId ?? version?.data.NetworkInterfaces?.[0]?.SubnetId;
  if (subnetId === undefined)
    throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user');
  if (scope.tables.subnets.find(subnetId) === undefined)
    throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
  const securityGroupIds = input.SecurityGroupIds ?? version?.data.SecurityGroupIds ?? [];
  const unknown = securityGroupIds.find((id) => scope.tables.securityGroups.find(id) === undefined);
  if (unknown !== undefined)
    throw new AwsError('InvalidGroup.NotFound', `The security group '${unknown}' does not exist`);
  return {
    imageId,
    instanceType: input.InstanceType ?? version?.data.InstanceType ?? 'm1.small',
    subnetId,
    securityGroupIds,
    keyName: input.KeyName ?? version?.data.KeyName,
    profileName: input.IamInstanceProfile?.Name ?? version?.data.IamInstanceProfile?.Name,
    tags: {
      ...specifiedTags(
        version?.data.TagSpecifications?.filter(({ ResourceType: type }) => type === 'instance'),
        'instance',
      ),
      ...specifiedTags(
        input.TagSpecifications?.filter(({ ResourceType: type }) => type === 'instance'),
        'instance',
      ),
      ...(template === undefined || version === undefined
        ? {}
        : {
            'aws:ec2launchtemplate:id': template.id,
            'aws:ec2launchtemplate:version': String(version.version),
          }),
    },
  };
}
