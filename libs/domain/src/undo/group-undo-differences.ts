import type { Capacity, ServerGroupView } from '../groups/cluster.js';
import { tagsInWords, tagsStillWritten } from '../groups/group-tags.js';
import { isDisabledBy, isUp } from '../groups/health.js';
import { isRegistered, isRegisteredAnywhere } from '../groups/target-registration.js';
import type { UndoEntry } from './undo.js';
import {
  ofGroup,
  presentGroup,
  type EntryOf,
  type UndoDifference,
  type UndoObservation,
} from './undo-observation.js';

/** Gone, with all that was made for it; or kept out of traffic, where that was to be. */
export function destroyed(
  entry: EntryOf<'destroyServerGroup'>,
  { group, isOurs, left }: UndoObservation,
): readonly UndoDifference[] {
  if (entry.keepOnFailure === true && group !== null && isKept(group)) return [];
  const stands = group !== null && isOurs;
  const how = group?.deleting === true ? 'it is still being deleted' : 'it is there';
  return [
    ...(stands ? [ofGroup(entry, 'gone', how)] : []),
    ...left.map((resource) => ({ resource, expected: 'gone', found: 'it is there' })),
  ];
}

/** Out of traffic, as a group is that was to be kept: as good as gone. */
function isKept(group: ServerGroupView): boolean {
  return !group.enabled && !group.instances.some((one) => isRegisteredAnywhere(one, group));
}

/** In traffic, at the recorded sizes, with as many healthy as before. One that somebody deleted cannot be. */
export function enabled(
  entry: EntryOf<'enableServerGroup'>,
  { group }: UndoObservation,
): readonly UndoDifference[] {
  const { restore, covers = [], unlessGone = false } = entry;
  if (group === null || group.deleting) {
    return unlessGone ? [] : [ofGroup(entry, 'in traffic', 'it is gone')];
  }
  const extra = group.suspendedProcesses.filter((one) => !restore.suspendedProcesses.includes(one));
  const asBefore = { ...group, targetGroupArns: restore.targetGroupArns };
  const healthy = group.instances.filter((instance) => isUp(instance, asBefore)).length;
  const { instancesInService } = restore;
  return [
    ...(extra.length === 0
      ? []
      : [ofGroup(entry, `suspended: ${namesOf(restore.suspendedProcesses)}`, namesOf(extra))]),
    ...sizeDifference(entry, { group, wanted: restore.capacity, mayBeLarger: covers.length > 0 }),
    ...(healthy >= instancesInService
      ? []
      : [ofGroup(entry, `${instancesInService} instances healthy in traffic`, String(healthy))]),
  ];
}

/** At the recorded sizes, and out of traffic where it had been. */
export function restored(
  entry: EntryOf<'restoreServerGroup'>,
  seen: UndoObservation,
): readonly UndoDifference[] {
  const group = presentGroup(entry, seen);
  if (group === null) return [];
  const { capacity, suspendedProcesses, targetGroupArns } = entry.restore;
  const sizes = sizeDifference(entry, { group, wanted: capacity, mayBeLarger: false });
  if (!isDisabledBy(suspendedProcesses)) return sizes;
  const registered = group.instances.filter((instance) =>
    targetGroupArns.some((arn) => isRegistered(instance, arn)),
  ).length;
  const now = group.suspendedProcesses;
  const isSame =
    now.length === suspendedProcesses.length &&
    now.every((one) => suspendedProcesses.includes(one));
  return [
    ...sizes,
    ...(isSame ? [] : [ofGroup(entry, `suspended: ${namesOf(suspendedProcesses)}`, namesOf(now))]),
    ...(registered === 0
      ? []
      : [ofGroup(entry, 'no instance in its target groups', String(registered))]),
  ];
}

interface Sized {
  readonly group: ServerGroupView;
  readonly wanted: Capacity;
  /** Where it has to cover what has grown in its place. */
  readonly mayBeLarger: boolean;
}

/** Scaling policies may move the desired size within the bounds. */
function sizeDifference(
  entry: UndoEntry,
  { group, wanted, mayBeLarger }: Sized,
): readonly UndoDifference[] {
  const { min, max } = group.capacity;
  const isLarger = mayBeLarger && min >= wanted.min && max >= wanted.max;
  if (isLarger || (min === wanted.min && max === wanted.max)) return [];
  return [ofGroup(entry, `sizes ${sizesOf(wanted)}`, sizesOf(group.capacity))];
}

/** At the recorded sizes, unless somebody has set others since. */
export function capacityRestored(
  entry: EntryOf<'restoreCapacity'>,
  seen: UndoObservation,
): readonly UndoDifference[] {
  const group = presentGroup(entry, seen);
  if (group === null) return [];
  const { recorded, written, instancesHealthyMin } = entry;
  const hasBounds = ({ min, max }: Capacity) =>
    group.capacity.min === min && group.capacity.max === max;
  if (!hasBounds(recorded)) {
    return hasBounds(written)
      ? [ofGroup(entry, `sizes ${sizesOf(recorded)}`, sizesOf(group.capacity))]
      : [];
  }
  const healthy = group.instances.filter((instance) => isUp(instance, group)).length;
  if (healthy >= instancesHealthyMin) return [];
  return [ofGroup(entry, `${instancesHealthyMin} instances healthy`, String(healthy))];
}

/** Without what we wrote, unless somebody has written since. */
export function tagsRestored(
  entry: EntryOf<'restoreTags'>,
  seen: UndoObservation,
): readonly UndoDifference[] {
  if (presentGroup(entry, seen) === null) return [];
  const still = tagsStillWritten(seen.tags, entry);
  return still.map(({ was, wrote }) => ofGroup(entry, tagsInWords(was), tagsInWords(wrote)));
}

/** With the processes suspended and resumed as before. */
export function processesRestored(
  entry: EntryOf<'restoreProcesses'>,
  seen: UndoObservation,
): readonly UndoDifference[] {
  const group = presentGroup(entry, seen);
  if (group === null) return [];
  const now = group.suspendedProcesses;
  const missing = entry.suspend.filter((one) => !now.includes(one));
  const extra = entry.resume.filter((one) => now.includes(one));
  const suspended = ofGroup(entry, `suspended: ${namesOf(missing)}`, 'they are not');
  const resumed = ofGroup(entry, `resumed: ${namesOf(extra)}`, 'suspended');
  return [...(missing.length > 0 ? [suspended] : []), ...(extra.length > 0 ? [resumed] : [])];
}

/** Without the pin; somebody else's minimum stays. */
export function unpinned(
  entry: EntryOf<'unpinServerGroup'>,
  seen: UndoObservation,
): readonly UndoDifference[] {
  const { recorded, pinnedMin } = entry;
  const min = presentGroup(entry, seen)?.capacity.min;
  const isPinned = min === pinnedMin && pinnedMin !== recorded.min;
  return isPinned ? [ofGroup(entry, `a minimum of ${recorded.min}`, String(min))] : [];
}

function namesOf(processes: readonly string[]): string {
  return processes.length === 0 ? 'nothing' : processes.join(', ');
}

function sizesOf({ min, desired, max }: Capacity): string {
  return `${min}/${desired}/${max}`;
}
