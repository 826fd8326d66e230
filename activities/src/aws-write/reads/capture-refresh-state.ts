import type { ServerGroupDetails } from '@gennaker/aws';
import type { AwsWriteActivities } from '@gennaker/contract/wire';
import {
  lastingCount,
  refuseSuspended,
  versionKey,
  type RecordedLaunch,
  type RefreshRestoreState,
  type ServerGroupView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
import { subjectVanished } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { findPersistently } from '../../observe/persistently.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { readRecordedLaunch } from '../plans/read-recorded-launch.js';

/**
 * What a server group is like before its instances are replaced in place (DESIGN D8). Changes nothing. Throws
 * SUBJECT_VANISHED, and INVALID_REQUEST where the group cannot be refreshed.
 */
export function createCaptureRefreshState({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['captureRefreshState'] {
  return async ({ context, subject }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const { view, settings } = await readPresent(observed);
    refuseSuspended(view);
    const group = { serverGroup: view.name, launch: settings.launch };
    const launch = await readRecordedLaunch(observed.region, group, reading(context.priority));
    return refreshStateOf(view, launch);
  };
}

function refreshStateOf(view: ServerGroupView, launch: RecordedLaunch): RefreshRestoreState {
  const runningVersions: Record<string, number> = {};
  for (const { launchTemplate } of view.instances) {
    const key = versionKey(launchTemplate);
    runningVersions[key] = (runningVersions[key] ?? 0) + 1;
  }
  return {
    arn: view.arn,
    capacity: view.capacity,
    suspendedProcesses: view.suspendedProcesses,
    instancesInService: lastingCount(view),
    launch,
    runningVersions,
  };
}

async function readPresent(observed: Observed): Promise<ServerGroupDetails> {
  const { region, serverGroup, priority, signal } = observed;
  const found = await findPersistently(async () => {
    const [group] = await region.describeServerGroups([serverGroup], reading(priority));
    return group;
  }, signal);
  if (found === undefined) throw subjectVanished(observed, null);
  if (found.view.deleting) throw subjectVanished(observed, found.view);
  return found;
}
