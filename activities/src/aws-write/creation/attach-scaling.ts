import type { AttachScalingInput, AwsWriteActivities } from '@gennaker/contract/wire';
import type { ScheduledAction } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { observedAt } from '../../observe/cluster-view.js';
import { lookAtPresent, unlessVanished, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { assertSameGroup } from '../../observe/same-group.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { putAlarms } from './put-alarms.js';
import { verifyScaling } from './verify-scaling.js';

/** AWS refuses a start in the past, and an action that is due so soon might be by the time it gets there. */
const startsAheadSecondsMin = 60;

/**
 * Gives a server group what moves its size, in an order in which nothing acts too early: first the hold, then scheduled
 * actions, policies, their alarms, and the warm pool; then it is read back. All of it overwrites by name, so a second call
 * does the same again (PutScalingPolicy of a known name keeps its ARN). Throws SUBJECT_VANISHED, NAME_CONFLICT,
 * CHANGED_BY_SOMEONE_ELSE.
 */
export function createAttachScaling({
  aws,
  clock,
}: AwsActivityDependencies): AwsWriteActivities['attachScaling'] {
  return async (input) => {
    const { scaling } = input;
    const observed = observedSubject(aws, input.subject, input.context.priority);
    assertSameGroup(await lookAtPresent(observed), input.arn);
    const actions = stillToCome(scaling.scheduledActions, observedAt(observed.region, clock));
    const arns = await unlessVanished(observed, () => attach(observed, input, actions));
    await verifyScaling(observed, { scaling, actions, arns });
    const attached = namesOf(actions);
    return {
      policies: namesOf(scaling.policies),
      alarms: namesOf(scaling.alarms),
      scheduledActions: attached,
      over: namesOf(scaling.scheduledActions).filter((name) => !attached.includes(name)),
    };
  };
}

/** The ARNs of the new policies, by name. */
async function attach(
  observed: Observed,
  { context, scaling, holds }: AttachScalingInput,
  actions: readonly ScheduledAction[],
): Promise<ReadonlyMap<string, string>> {
  const { region, serverGroup, priority } = observed;
  await hold(observed, holds);
  await region.putScheduledActions({ serverGroup, actions }, await writing(priority));
  const arns = new Map<string, string>();
  for (const policy of scaling.policies) {
    const { arn } = await region.putScalingPolicy({ serverGroup, policy }, await writing(priority));
    arns.set(policy.name, arn);
  }
  await putAlarms(observed, { alarms: scaling.alarms, arns, context });
  if (scaling.warmPool !== null) {
    const members = scaling.warmPool;
    await region.putWarmPool({ serverGroup, members }, await writing(priority));
  }
  return arns;
}

async function hold(observed: Observed, processes: readonly string[]): Promise<void> {
  if (processes.length === 0) return;
  const { region, serverGroup, priority } = observed;
  await region.suspendProcesses(serverGroup, processes, await writing(priority));
  await verify(observed, {
    withHealth: false,
    expected: `${processes.join(', ')} suspended`,
    isSo: (seen) => processes.every((process) => seen.suspendedProcesses.includes(process)),
  });
}

/**
 * What will act again, one-time actions first: AWS refuses one at an instant at which another starts. A recurring action
 * whose shown start is over starts with its next recurrence.
 */
function stillToCome(actions: readonly ScheduledAction[], now: string): readonly ScheduledAction[] {
  const earliestMs = Date.parse(now) + startsAheadSecondsMin * 1_000;
  const isAhead = (at: string | null): boolean => at !== null && Date.parse(at) > earliestMs;
  const coming = actions.filter(
    ({ recurrence, startAt, endAt }) =>
      (endAt === null || isAhead(endAt)) && (recurrence !== null || isAhead(startAt)),
  );
  return coming
    .map((action) => (isAhead(action.startAt) ? action : { ...action, startAt: null }))
    .toSorted((one, other) => Number(one.recurrence !== null) - Number(other.recurrence !== null));
}

function namesOf(things: readonly { readonly name: string }[]): readonly string[] {
  return things.map(({ name }) => name);
}
