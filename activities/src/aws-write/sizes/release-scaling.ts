import type { AwsWriteActivities } from '@gennaker/contract/wire';
import {
  grownByMissed,
  missedActions,
  type Capacity,
  type ServerGroupView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { observedAt } from '../../observe/cluster-view.js';
import { lookAtPresent, unlessVanished, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { assertSameGroup } from '../../observe/same-group.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { setSize, verifySize } from './resize-server-group.js';

/**
 * Ends the hold of an attachment: resumes the processes, and grows the group where scheduled actions that were due
 * meanwhile make it larger (Auto Scaling makes up for none). Never shrinks; a second call changes nothing. Throws
 * SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE.
 */
export function createReleaseScaling({
  aws,
  clock,
}: AwsActivityDependencies): AwsWriteActivities['releaseScaling'] {
  return async ({ context, subject, arn, resumes, scheduledActions }) => {
    const observed = observedSubject(aws, subject, context.priority);
    assertSameGroup(await lookAtPresent(observed), arn);
    const group = await resume(observed, resumes);
    const missed = missedActions(scheduledActions, observedAt(observed.region, clock));
    const capacity = await grow(observed, group.capacity, grownByMissed(group.capacity, missed));
    return { missed: missed.map(({ name }) => name), capacity };
  };
}

async function resume(observed: Observed, processes: readonly string[]): Promise<ServerGroupView> {
  const { region, serverGroup, priority } = observed;
  await unlessVanished(observed, async () =>
    region.resumeProcesses(serverGroup, processes, await writing(priority)),
  );
  return verify(observed, {
    withHealth: false,
    expected: `${processes.join(', ')} resumed`,
    isSo: (seen) => !processes.some((process) => seen.suspendedProcesses.includes(process)),
  });
}

async function grow(observed: Observed, now: Capacity, grown: Capacity): Promise<Capacity> {
  const { min, desired, max } = grown;
  if (min === now.min && desired === now.desired && max === now.max) return now;
  await setSize(observed, grown);
  await verifySize(observed, grown);
  return grown;
}
