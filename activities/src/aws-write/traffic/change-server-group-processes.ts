import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { GennakerError } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { lookAtPresent, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { assertSameGroup } from '../../observe/same-group.js';
import { suspendUnlessGone } from './disable-server-group.js';

/**
 * Suspends and resumes scaling processes (SuspendProcesses, then ResumeProcesses) and reads them back; processes that are
 * not named stay as they are. Harmless twice; empty lists make no call. Throws SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE.
 */
export function createChangeServerGroupProcesses({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['changeServerGroupProcesses'] {
  return async ({ context, subject, arn, suspend, resume }) => {
    const observed = observedSubject(aws, subject, context.priority);
    assertSameGroup(await lookAtPresent(observed), arn);
    if (suspend.length > 0 && (await suspendUnlessGone(observed, suspend)) === 'gone') {
      throw new GennakerError(
        'SUBJECT_VANISHED',
        `Server group ${subject.serverGroup} was removed.`,
      );
    }
    const { region, serverGroup, priority } = observed;
    if (resume.length > 0) {
      await region.resumeProcesses(serverGroup, resume, await writing(priority));
    }
    await verify(observed, {
      withHealth: false,
      expected: `suspended: ${suspend.join(', ') || 'nothing more'}; resumed: ${resume.join(', ') || 'nothing'}`,
      isSo: (seen) =>
        suspend.every((one) => seen.suspendedProcesses.includes(one)) &&
        resume.every((one) => !seen.suspendedProcesses.includes(one)),
    });
  };
}
