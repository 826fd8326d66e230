import type {
  InstanceRefreshView,
  LaunchTemplateVersionRef,
  RecordedLaunch,
} from '@gennaker/domain';
import { GennakerError } from '@gennaker/domain';
import { reading } from '../call-options.js';
import { verifyLooksMax } from './look.js';
import { pause } from './pause.js';
import { findPersistently } from './persistently.js';
import type { Observed } from './watch-server-group.js';

/** Refreshes that are read: ours and the active one are among the newest. */
const refreshesRead = 20;
/** Between two looks for a refresh that was just started. */
const lookAgainMs = 500;

/** The newest instance refreshes of a group, newest first. Throws AWS_NOT_FOUND when the group is not there. */
export function readRefreshes(observed: Observed): Promise<readonly InstanceRefreshView[]> {
  const { region, serverGroup, priority, signal } = observed;
  const query = { serverGroup, refreshesMax: refreshesRead };
  return region.describeInstanceRefreshes(query, { ...reading(priority), signal });
}

/** Looks until AWS shows the refresh that it has accepted. Throws AWS_NOT_FOUND after {@link verifyLooksMax} looks. */
export async function verifyRefresh(
  observed: Observed,
  refreshId: string,
): Promise<InstanceRefreshView> {
  for (let looks = 1; ; looks += 1) {
    const found = (await readRefreshes(observed)).find((one) => one.refreshId === refreshId);
    if (found !== undefined) return found;
    if (looks >= verifyLooksMax) throw notVisible(observed.serverGroup, refreshId);
    await pause(lookAgainMs, observed.signal);
  }
}

/** The version that an operation made of the recorded template; null when, in several looks, there is none. */
export async function findOurVersion(
  observed: Observed,
  { launchTemplateId, latestVersion }: RecordedLaunch,
  operationKey: string,
): Promise<LaunchTemplateVersionRef | null> {
  const { region, priority, signal } = observed;
  const query = { launchTemplateId, aboveVersion: latestVersion, operationKey };
  const options = { ...reading(priority), signal };
  try {
    const find = () => region.findLaunchTemplateVersion(query, options);
    return (await findPersistently(find, signal)) ?? null;
  } catch (error) {
    // The template itself is gone: so is every version of it.
    if (error instanceof GennakerError && error.code === 'AWS_NOT_FOUND') return null;
    throw error;
  }
}

function notVisible(serverGroup: string, refreshId: string): GennakerError {
  return new GennakerError(
    'AWS_NOT_FOUND',
    `AWS accepted the instance refresh ${refreshId} of ${serverGroup}, but ${verifyLooksMax} looks do not show it.`,
    { details: { serverGroup, refreshId } },
  );
}
