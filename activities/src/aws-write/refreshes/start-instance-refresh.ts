import type {
  AwsWriteActivities,
  StartedInstanceRefresh,
  StartInstanceRefreshInput,
} from '@gennaker/contract/wire';
import { decideStart, GennakerError, isRecorded, refuseSuspended } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { lookUntil, subjectVanished } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { readRefreshes, verifyRefresh } from '../../observe/refreshes.js';
import { assertSameGroup } from '../../observe/same-group.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { assertRecorded } from './pin-launch-template.js';

/**
 * Starts the instance refresh to the version that this deploy made (StartInstanceRefresh), and sees it. Looks first, on
 * every attempt: one of ours is carried on with, in whatever state it is, so that there is never a second; another's that
 * is active comes back as `foreign`. AWS has no token for it, but allows one at a time, which answers a repeat whose look
 * was stale. Throws CHANGED_BY_SOMEONE_ELSE, INVALID_REQUEST (processes suspended), SUBJECT_VANISHED, AWS_INVALID.
 */
export function createStartInstanceRefresh({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['startInstanceRefresh'] {
  return async (input) => {
    const { context, subject, ours } = input;
    const observed = observedSubject(aws, subject, context.priority);
    const decision = decideStart(await readRefreshes(observed), ours);
    switch (decision.kind) {
      case 'ours':
        return { outcome: 'running', refreshId: decision.refresh.refreshId };
      case 'foreign':
        return { outcome: 'foreign', refresh: decision.refresh };
      case 'start':
        return start(observed, input);
    }
  };
}

async function start(
  observed: Observed,
  { restore, ours, preferences }: StartInstanceRefreshInput,
): Promise<StartedInstanceRefresh> {
  const group = await lookUntil(observed, (seen) => isRecorded(seen.launchTemplate, restore));
  if (group === null || group.deleting) throw subjectVanished(observed, group);
  assertSameGroup(group, restore.arn);
  assertRecorded(group, restore);
  refuseSuspended(group);
  const { region, serverGroup, priority } = observed;
  const { mixedInstancesPolicy } = restore.launch;
  const desired = { ...ours, mixedInstancesPolicy };
  const started = await region.startInstanceRefresh(
    { serverGroup, desired, preferences },
    await writing(priority),
  );
  if (started.outcome === 'inProgress') throw notShownYet(serverGroup);
  const { refreshId } = await verifyRefresh(observed, started.refreshId);
  return { outcome: 'running', refreshId };
}

/** The next attempt looks whose it is. */
function notShownYet(serverGroup: string): GennakerError {
  return new GennakerError(
    'AWS_CONFLICT',
    `Auto Scaling answered that an instance refresh of ${serverGroup} is in progress, but does not show it yet.`,
    { details: { serverGroup } },
  );
}
