import type { AwsWriteActivities } from '@gennaker/contract/wire';
import {
  isRegistered,
  type InstanceView,
  type ServerGroupRestoreState,
  type ServerGroupView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { lookAtPresent, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { registerRunning } from './registration.js';

/**
 * First half of an enable: pins the minimum, so that nothing shrinks the group meanwhile, and registers what runs. All
 * processes stay suspended: nobody may replace an instance that is not healthy in its target groups yet. Harmless twice.
 * Instances that are still coming up are registered by the second half. Throws SUBJECT_VANISHED.
 */
export function createRegisterServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['registerServerGroup'] {
  return async ({ context, subject, restore }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await lookAtPresent(observed, { withHealth: true });
    await pinMinimum(observed, group, restore);
    const registered = await registerMissing(observed, group, restore);
    await verify(observed, {
      withHealth: true,
      expected: `${registered.size} instances known to the target groups`,
      isSo: (seen) => isKnown(seen, restore, registered),
    });
    return { instancesRegistered: registered.size };
  };
}

/**
 * Never above what runs: Auto Scaling would raise the desired size and launch as soon as it may. The group's scaling
 * policies and scheduled actions moved its sizes while it was disabled, only without an effect: all three are put back to
 * at least what runs, or resuming Terminate would end the fleet that the rollback needs.
 */
async function pinMinimum(
  { region, serverGroup, priority }: Observed,
  group: ServerGroupView,
  restore: ServerGroupRestoreState,
): Promise<void> {
  const { min, desired, max } = group.capacity;
  const pinned = Math.min(restore.capacity.desired, group.instances.filter(isInService).length);
  if (pinned <= min) return;
  if (pinned <= desired) {
    await region.updateMinimum(serverGroup, pinned, await writing(priority));
    return;
  }
  const capacity = { min: pinned, desired: pinned, max: Math.max(max, pinned) };
  await region.updateCapacity(serverGroup, capacity, await writing(priority));
}

/**
 * Registers every instance in service where it belongs and is not; the ids that are in afterwards. An instance that was
 * registered in other target groups only when the state was captured stays out of this one.
 */
export async function registerMissing(
  observed: Observed,
  group: ServerGroupView,
  restore: ServerGroupRestoreState,
): Promise<ReadonlySet<string>> {
  const inService = group.instances.filter(isInService);
  if (restore.targetGroupArns.length === 0) return idsOf(inService);
  const registered = new Set<string>();
  for (const arn of restore.targetGroupArns) {
    const wanted = inService.filter((instance) => belongs(instance.instanceId, arn, restore));
    const missing = wanted.filter((instance) => !isRegistered(instance, arn));
    for (const one of wanted) if (isRegistered(one, arn)) registered.add(one.instanceId);
    const added = await registerRunning(observed, arn, [...idsOf(missing)]);
    for (const id of added) registered.add(id);
  }
  return registered;
}

/** Whether every instance in service is registered where it belongs. */
export function isRegisteredThroughout(
  group: ServerGroupView,
  restore: ServerGroupRestoreState,
): boolean {
  return isKnown(group, restore, idsOf(group.instances.filter(isInService)));
}

function isKnown(
  group: ServerGroupView,
  restore: ServerGroupRestoreState,
  instanceIds: ReadonlySet<string>,
): boolean {
  return group.instances
    .filter((instance) => instanceIds.has(instance.instanceId) && isInService(instance))
    .every((instance) =>
      restore.targetGroupArns
        .filter((arn) => belongs(instance.instanceId, arn, restore))
        .every((arn) => isRegistered(instance, arn)),
    );
}

function belongs(instanceId: string, targetGroupArn: string, restore: ServerGroupRestoreState) {
  const everywhere = Object.values(restore.registered).flat();
  return (
    (restore.registered[targetGroupArn] ?? []).includes(instanceId) ||
    !everywhere.includes(instanceId)
  );
}

function isInService(instance: InstanceView): boolean {
  return instance.lifecycleState === 'InService';
}

function idsOf(instances: readonly InstanceView[]): Set<string> {
  return new Set(instances.map((instance) => instance.instanceId));
}
