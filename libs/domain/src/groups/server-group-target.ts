import type {
  Capacity,
  ClusterRef,
  ClusterView,
  ServerGroupOwner,
  ServerGroupView,
} from './cluster.js';
import { parseServerGroupName } from './naming.js';
import { lastingCount } from '../plans/source-of.js';

/** Spinnaker's dynamic targets, by both of their names; disabled groups count, groups being deleted do not. */
export const dynamicTargets = ['newest', 'current', 'previous', 'ancestor', 'oldest'] as const;
export type DynamicTarget = (typeof dynamicTargets)[number];

/** A server group by name, or by its place in its cluster. */
export type ServerGroupSelection =
  | { readonly name: string }
  | { readonly cluster: string; readonly target: DynamicTarget };

/** The server group that a stage works on, as it was when the stage began: what an undo comes back to. */
export interface TargetedServerGroup {
  readonly serverGroup: string;
  readonly arn: string;
  readonly capacity: Capacity;
  readonly enabled: boolean;
  readonly suspendedProcesses: readonly string[];
  readonly instancesInService: number;
  readonly owner: ServerGroupOwner | null;
  /** The newest other enabled server group of the cluster, which serves when this one does not; null: there is none. */
  readonly besides: string | null;
}

/** The cluster in which the selection is looked for. */
export function clusterOfSelection(
  place: { readonly account: string; readonly region: string },
  selection: ServerGroupSelection,
): ClusterRef {
  const { account, region } = place;
  if ('cluster' in selection) return { account, region, cluster: selection.cluster };
  const { name } = selection;
  return { account, region, cluster: parseServerGroupName(name).cluster ?? name };
}

/** The selected server group, or null where there is none. Pure: decided once, on the view at the stage's start. */
export function selectServerGroup(
  cluster: ClusterView,
  selection: ServerGroupSelection,
): ServerGroupView | null {
  const groups = cluster.serverGroups.filter((group) => !group.deleting);
  if ('name' in selection) return groups.find((group) => group.name === selection.name) ?? null;
  switch (selection.target) {
    case 'newest':
    case 'current':
      return groups.at(-1) ?? null;
    case 'previous':
    case 'ancestor':
      return groups.at(-2) ?? null;
    case 'oldest':
      return groups[0] ?? null;
  }
}

/** What a stage remembers of the group that it works on. */
export function targetedServerGroup(
  cluster: ClusterView,
  group: ServerGroupView,
): TargetedServerGroup {
  const besides = cluster.serverGroups.findLast(
    (other) => other.arn !== group.arn && other.enabled && !other.deleting,
  );
  return {
    serverGroup: group.name,
    arn: group.arn,
    capacity: group.capacity,
    enabled: group.enabled,
    suspendedProcesses: group.suspendedProcesses,
    instancesInService: lastingCount(group),
    owner: group.owner,
    besides: besides?.name ?? null,
  };
}

/** The selection in words. */
export function selectionWords(selection: ServerGroupSelection): string {
  return 'name' in selection
    ? `server group ${selection.name}`
    : `the ${selection.target} server group of ${selection.cluster}`;
}
