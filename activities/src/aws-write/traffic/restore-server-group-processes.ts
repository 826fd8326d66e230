import type { AwsWriteActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { look, verifyUnlessGone } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { isSameGroup } from '../../observe/same-group.js';

/**
 * Suspends what was suspended and resumes what was not (SuspendProcesses, then ResumeProcesses), and reads it back. Looks
 * first, always; a second call changes nothing. A group that is gone, going or another of its name is left alone. Throws
 * CHANGED_BY_SOMEONE_ELSE when AWS does not show what it accepted.
 */
export function createRestoreServerGroupProcesses({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['restoreServerGroupProcesses'] {
  return async ({ context, subject, arn, restore }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await look(observed);
    if (group === null || group.deleting || !isSameGroup(group, arn)) return;
    const { region, serverGroup, priority } = observed;
    const wanted = restore.suspendedProcesses;
    const suspend = async (now: readonly string[]): Promise<void> => {
      const missing = wanted.filter((process) => !now.includes(process));
      if (missing.length > 0) {
        await region.suspendProcesses(serverGroup, missing, await writing(priority));
      }
      const extra = now.filter((process) => !wanted.includes(process));
      if (extra.length > 0) {
        await region.resumeProcesses(serverGroup, extra, await writing(priority));
      }
    };
    await suspend(group.suspendedProcesses);
    await verifyUnlessGone(observed, {
      withHealth: false,
      expected: `${wanted.length === 0 ? 'no process' : wanted.join(', ')} suspended and nothing else`,
      isSo: ({ suspendedProcesses: now }) =>
        now.length === wanted.length && wanted.every((process) => now.includes(process)),
      otherwise: (seen) => suspend(seen.suspendedProcesses),
    });
  };
}
