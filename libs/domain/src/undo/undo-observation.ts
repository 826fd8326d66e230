import type { LaunchTemplateVersionRef, ServerGroupView } from '../groups/cluster.js';
import type { TagStates } from '../groups/group-tags.js';
import type { InstanceRefreshView } from '../refreshes/instance-refresh.js';
import type { ListenerRule } from '../weights/listener-rule.js';
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

/** The entries of an operation. */
export type EntryOf<Operation extends UndoEntry['operation']> = Extract<
  UndoEntry,
  { readonly operation: Operation }
>;

/** A difference of the server group that the entry is about. */
export function ofGroup({ subject }: UndoEntry, expected: string, found: string): UndoDifference {
  return { resource: `server group ${subject.serverGroup}`, expected, found };
}

/** The group that the entry is about: null for one that is gone, going, or another of the same name. */
export function presentGroup(
  { arn }: { readonly arn: string | null },
  { group }: UndoObservation,
): ServerGroupView | null {
  if (group === null || group.deleting) return null;
  return arn === null || group.arn === arn ? group : null;
}
