import { setTags, tagsOf } from '../../ec2/tags.js';
import { validationError } from '../../wire/aws-error.js';
import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import { beginActivity, endActivity } from '../activities.js';
import { enterService, pendingMemberRuns } from './arriving.js';
import { awaken } from '../groups/group-access.js';
import { markUnhealthy } from '../groups/group-health.js';
import type { GroupRecord } from '../records.js';

const GROUP_TAG = 'aws:autoscaling:groupName';

/**
 * Coming and going without launch and termination: attached → Pending → … → InService (launch hooks hold it as they
 * do a launched one); InService → EnteringStandby → Standby → Pending → InService; InService → Detaching → gone from
 * the group, the instance runs on.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html
 */
export const membershipTransitions: Readonly<Record<string, Transition>> = {
  'member:attached': (scope, instanceId) => pendingMemberRuns(scope, instanceId),
  'member:detached': (scope, instanceId) => {
    const member = scope.tables.members.find(instanceId);
    if (member?.state !== 'Detaching') return;
    endActivity(scope, member.activityId, { status: 'Successful' });
    scope.tables.members.delete(instanceId);
    const { [GROUP_TAG]: _group, ...tags } = tagsOf(scope, instanceId);
    if (scope.tables.instances.find(instanceId) !== undefined) setTags(scope, instanceId, tags);
    awaken(scope, member.group);
  },
  'member:stands-by': (scope, instanceId) => {
    const member = scope.tables.members.find(instanceId);
    if (member?.state !== 'EnteringStandby') return;
    endActivity(scope, member.activityId, { status: 'Successful' });
    scope.tables.members.update(instanceId, { state: 'Standby', inServiceAt: undefined });
  },
  'member:returns': (scope, instanceId) => {
    const member = scope.tables.members.find(instanceId);
    if (member?.state !== 'Pending') return;
    // An instance that has ended in standby, where nobody checks its health, is found out now.
    if (scope.tables.instances.find(instanceId)?.state === 'running') enterService(scope, member);
    else
      markUnhealthy(
        scope,
        member,
        'an EC2 health check indicating it has been terminated or stopped',
      );
  },
};

/** Refuses instances that the group cannot take: not running, in another group, in a zone that is not the group's. */
export function checkAttachable(scope: Scope, group: GroupRecord, ids: readonly string[]): void {
  if (ids.length === 0) throw validationError('At least one instance ID must be specified');
  for (const id of ids) {
    const instance = scope.tables.instances.find(id);
    if (instance === undefined)
      throw validationError(`Invalid Instance ID(s): [${id}] for attach to Auto Scaling group`);
    if (instance.state !== 'running')
      throw validationError(`Instance ${id} is not in correct state. Instance(s) must be running`);
    const member = scope.tables.members.find(id);
    if (member !== undefined)
      throw validationError(
        `Instance ${id} is already part of AutoScalingGroup:${member.group}, so it cannot be attached.`,
      );
    if (!group.zones.includes(instance.zone))
      throw validationError(
        `Availability Zone ${instance.zone} of instance ${id} is not part of Auto Scaling group ${group.name}.`,
      );
  }
}

/** Makes a running instance a member on its way into service. */
export function joinGroup(
  scope: Scope,
  group: GroupRecord,
  joining: { readonly instanceId: string; readonly cause: string },
): void {
  const { instanceId, cause } = joining;
  const instance = scope.tables.instances.find(instanceId);
  if (instance === undefined) return;
  const activityId = beginActivity(scope, group, {
    description: `Attaching an existing EC2 instance: ${instanceId}`,
    cause,
    status: 'InProgress',
    progress: 50,
    details: JSON.stringify({
      'Subnet ID': instance.subnetId,
      'Availability Zone': instance.zone,
    }),
  });
  scope.tables.members.put(instanceId, {
    instanceId,
    group: group.name,
    zone: instance.zone,
    instanceType: instance.instanceType,
    state: 'Pending',
    healthy: true,
    unhealthyBecause: '',
    launch: { kind: 'none' },
    protectedFromScaleIn: group.protectsNewInstances,
    inServiceAt: undefined,
    activityId,
  });
  setTags(scope, instanceId, { ...tagsOf(scope, instanceId), [GROUP_TAG]: group.name });
  scope.schedule('member:attached', instanceId, 1);
}
