import type { ServerGroupView } from '../groups/cluster.js';
import {
  refreshInWords,
  versionKey,
  type InstanceRefreshView,
} from '../refreshes/instance-refresh.js';
import { inServiceCount } from './source-of.js';

/** Somebody else's instance refresh of a server group that a plan takes traffic from, or gives it to. */
export interface RefreshBeside {
  readonly serverGroup: string;
  readonly refresh: InstanceRefreshView;
}

/**
 * Whether the group looks as one whose instances are being replaced: not as many in service as it wants, some coming or
 * going, or of several launch template versions. Only then its refreshes are read: a deploy of a group at rest costs no
 * call for them. A refresh that has not replaced anything yet looks like a group at rest, and is not told of.
 */
export function mayBeRefreshed(group: ServerGroupView): boolean {
  const inService = inServiceCount(group);
  const versions = new Set(group.instances.map(({ launchTemplate }) => versionKey(launchTemplate)));
  return (
    inService !== group.capacity.desired ||
    inService !== group.instances.length ||
    versions.size > 1
  );
}

/** What people are told of them: a switch between two groups neither waits for a refresh nor ends it. */
export function refreshWarnings(refreshes: readonly RefreshBeside[]): readonly string[] {
  return refreshes.map(
    ({ serverGroup, refresh }) =>
      `Somebody else's ${refreshInWords(refresh)} replaces the instances of ${serverGroup}: it goes on beside this, and is ` +
      'neither waited for nor ended. What it has in service beyond the desired size counts as long as it is there.',
  );
}
