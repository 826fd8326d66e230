import type { TagValue } from '../groups/group-tags.js';
import type { Resize } from '../groups/resize.js';
import type { ServerGroupSelection } from '../groups/server-group-target.js';
import type { StageBase } from './stage-base.js';

interface OnOneServerGroup extends StageBase {
  readonly account: string;
  readonly region: string;
  /** Found once, on live data, when the stage begins. */
  readonly serverGroup: ServerGroupSelection;
}

/** What takes capacity away: another enabled group of the cluster must have so many healthy instances; 0: none has to. */
interface Guarded {
  readonly remainingHealthyMin: number;
}

/** Sets the sizes of a server group. */
export interface ResizeServerGroupStage extends OnOneServerGroup, Guarded {
  readonly type: 'resizeServerGroup';
  readonly resize: Resize;
}

/** Puts a server group into traffic. */
export interface EnableServerGroupStage extends OnOneServerGroup {
  readonly type: 'enableServerGroup';
  /** Processes that stay suspended, of those that a disable suspends. */
  readonly keepSuspended: readonly string[];
}

/** Takes a server group out of traffic, or so many of its instances that `percent` are out. */
export interface DisableServerGroupStage extends OnOneServerGroup, Guarded {
  readonly type: 'disableServerGroup';
  /** 1 to 100, of the instances in service. */
  readonly percent: number;
}

/** Deletes a server group, whoever made it. Cannot be undone. */
export interface DestroyServerGroupStage extends OnOneServerGroup, Guarded {
  readonly type: 'destroyServerGroup';
  /** Consent to destroy a group that takes traffic: it is disabled first. */
  readonly allowServing: boolean;
}

/** Suspends scaling processes (Auto Scaling SuspendProcesses). */
export interface SuspendProcessesStage extends OnOneServerGroup {
  readonly type: 'suspendProcesses';
  readonly processes: readonly string[];
}

/** Resumes scaling processes (Auto Scaling ResumeProcesses). */
export interface ResumeProcessesStage extends OnOneServerGroup {
  readonly type: 'resumeProcesses';
  readonly processes: readonly string[];
}

/** Keeps a server group from scaling in: its minimum becomes its desired size. What it was is remembered in a tag of it. */
export interface PinServerGroupStage extends OnOneServerGroup {
  readonly type: 'pinServerGroup';
}

/** Gives a pinned server group the minimum back that its tag remembers, unless somebody has set another since. */
export interface UnpinServerGroupStage extends OnOneServerGroup {
  readonly type: 'unpinServerGroup';
}

/** One tag to set. */
export interface TagToSet extends TagValue {
  readonly key: string;
}

/** Sets and removes tags of a server group (Auto Scaling CreateOrUpdateTags, DeleteTags); the others stay. */
export interface TagServerGroupStage extends OnOneServerGroup {
  readonly type: 'tagServerGroup';
  readonly tags: readonly TagToSet[];
  /** Keys. */
  readonly remove: readonly string[];
}

/** The stages that work on one server group that exists already. */
export type ServerGroupStage =
  | ResizeServerGroupStage
  | EnableServerGroupStage
  | DisableServerGroupStage
  | DestroyServerGroupStage
  | SuspendProcessesStage
  | ResumeProcessesStage
  | PinServerGroupStage
  | UnpinServerGroupStage
  | TagServerGroupStage;

/** Their types. */
export const serverGroupStageTypes = [
  'resizeServerGroup',
  'enableServerGroup',
  'disableServerGroup',
  'destroyServerGroup',
  'suspendProcesses',
  'resumeProcesses',
  'pinServerGroup',
  'unpinServerGroup',
  'tagServerGroup',
] as const satisfies readonly ServerGroupStage['type'][];

/** Whether the stage works on one server group that exists already. */
export function isServerGroupStage(stage: { readonly type: string }): stage is ServerGroupStage {
  const types: readonly string[] = serverGroupStageTypes;
  return types.includes(stage.type);
}
