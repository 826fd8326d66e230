import type { Capacity, LaunchTemplateVersionRef, ServerGroupView } from './cluster.js';
import { tagsInWords, tagsStillWritten, type TagStates } from './group-tags.js';
import { isDisabledBy, isUp } from './health.js';
import {
  isActiveRefresh,
  isSameVersion,
  refreshInWords,
  versionKey,
  type InstanceRefreshView,
} from './instance-refresh.js';
import { ruleName, weightsInWords, weightsOf, type ListenerRule } from './listener-rule.js';
import { judgeRule } from './rule-change.js';
import { isRegistered, isRegisteredAnywhere } from './target-registration.js';
import type { UndoEntry } from './undo.js';

/** Something that is not as an undo entry was to leave it. */
export interface UndoDifference {
  /** What it is about, such as `server group web-v003`. */
  readonly resource: string;
  readonly expected: string;
  readonly found: string;
}

/** What AWS shows of the things that an undo entry is about. Only what its operation needs is there. */
export interface UndoObservation {
  /** The entry's server group, with health; null when there is none of its name. */
  readonly group: ServerGroupView | null;
  /** Whether that group was made by the stage that has to undo it. */
  readonly isOurs: boolean;
  /** Alarms, launch templates and target groups that we made for the group and that are still there, in words. */
  readonly left: readonly string[];
  /** Its tags. */
  readonly tags: TagStates;
  readonly rule: ListenerRule | null;
  readonly refreshes: readonly InstanceRefreshView[];
  /** The launch template version that our operation made; null when it is gone. */
  readonly ourVersion: LaunchTemplateVersionRef | null;
}

/**
 * What keeps the entry from being undone, read from AWS: empty exactly where it is as an undo would have left it, changes of
 * somebody else's that an undo leaves alone included. Pure and total over the operations.
 */
export function undoDifferences(
  entry: UndoEntry,
  seen: UndoObservation,
): readonly UndoDifference[] {
  switch (entry.operation) {
    case 'destroyServerGroup':
      return destroyed(entry, seen);
    case 'enableServerGroup':
      return enabled(entry, seen);
    case 'restoreServerGroup':
      return restored(entry, seen);
    case 'unpinServerGroup': {
      const { recorded, pinnedMin } = entry;
      const min = presentGroup(entry, seen)?.capacity.min;
      const isPinned = min === pinnedMin && pinnedMin !== recorded.min;
      return isPinned ? [ofGroup(entry, `a minimum of ${recorded.min}`, String(min))] : [];
    }
    case 'restoreCapacity':
      return capacityRestored(entry, seen);
    case 'restoreProcesses':
      return processesRestored(entry, seen);
    case 'restoreTags':
      return tagsRestored(entry, seen);
    case 'setRuleWeights':
      return weightsRestored(entry, seen.rule);
    case 'deleteTargetGroup':
      return seen.left.map((resource) => ({ resource, expected: 'gone', found: 'it is there' }));
    case 'rollbackInstanceRefresh':
      return refreshRolledBack(entry, seen);
  }
}

type EntryOf<Operation extends UndoEntry['operation']> = Extract<
  UndoEntry,
  { readonly operation: Operation }
>;

function ofGroup({ subject }: UndoEntry, expected: string, found: string): UndoDifference {
  return { resource: `server group ${subject.serverGroup}`, expected, found };
}

/** Null for one that is gone, going, or another of the same name. */
function presentGroup(
  { arn }: { readonly arn: string | null },
  { group }: UndoObservation,
): ServerGroupView | null {
  if (group === null || group.deleting) return null;
  return arn === null || group.arn === arn ? group : null;
}

function destroyed(
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

function enabled(
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

function restored(
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

function capacityRestored(
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

function tagsRestored(
  entry: EntryOf<'restoreTags'>,
  seen: UndoObservation,
): readonly UndoDifference[] {
  if (presentGroup(entry, seen) === null) return [];
  const still = tagsStillWritten(seen.tags, entry);
  return still.map(({ was, wrote }) => ofGroup(entry, tagsInWords(was), tagsInWords(wrote)));
}

function processesRestored(
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

function weightsRestored(
  entry: EntryOf<'setRuleWeights'>,
  rule: ListenerRule | null,
): readonly UndoDifference[] {
  const resource = ruleName(entry.rule.arn);
  const expected = `weights ${weightsInWords(entry.weights)}`;
  if (rule === null) return [{ resource, expected, found: 'it is gone' }];
  const judged = judgeRule(rule, entry);
  switch (judged.verdict) {
    case 'asWanted':
      return [];
    case 'changed':
      return [{ resource, expected, found: `it differs in ${judged.fields.join(', ')}` }];
    case 'mayWrite':
    case 'foreignWeights':
      return [{ resource, expected, found: weightsInWords(weightsOf(rule)) }];
  }
}

/** A launch template that somebody else has set since is theirs, as for the undo. */
function refreshRolledBack(
  entry: EntryOf<'rollbackInstanceRefresh'>,
  seen: UndoObservation,
): readonly UndoDifference[] {
  const { launch, runningVersions, arn } = entry.restore;
  const { refreshes, ourVersion } = seen;
  const group = presentGroup({ arn }, seen);
  if (group === null) return [];
  const active = refreshes.find(isActiveRefresh);
  const followed = { ...launch, version: launch.specified };
  const isTheirs =
    !isSameVersion(group.launchTemplate, launch) &&
    !isSameVersion(group.launchTemplate, followed) &&
    !isSameVersion(group.launchTemplate, ourVersion);
  const known = [...Object.keys(runningVersions), versionKey(launch)];
  const others = isTheirs
    ? []
    : group.instances.filter(({ launchTemplate }) => !known.includes(versionKey(launchTemplate)));
  return [
    ...(active === undefined
      ? []
      : [ofGroup(entry, 'no instance refresh', refreshInWords(active))]),
    ...(others.length === 0
      ? []
      : [
          ofGroup(
            entry,
            `all instances from ${versionKey(launch)}`,
            `${others.length} from another one`,
          ),
        ]),
    ...(ourVersion === null
      ? []
      : [
          {
            resource: `launch template version ${versionKey(ourVersion)}`,
            expected: 'gone',
            found: 'it is there',
          },
        ]),
    ...(isTheirs || isSameVersion(group.launchTemplate, followed)
      ? []
      : [
          ofGroup(
            entry,
            `launch template ${versionKey(followed)}`,
            versionKey(group.launchTemplate) || 'none',
          ),
        ]),
  ];
}

function namesOf(processes: readonly string[]): string {
  return processes.length === 0 ? 'nothing' : processes.join(', ');
}

function sizesOf({ min, desired, max }: Capacity): string {
  return `${min}/${desired}/${max}`;
}
