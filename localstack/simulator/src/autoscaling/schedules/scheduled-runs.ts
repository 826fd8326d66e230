import type { ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling';
import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import { nextOccurrence, parseCron } from './cron.js';
import { awaken, isSuspended } from '../groups/group-access.js';
import type { GroupRecord } from '../records.js';

/**
 * A scheduled action: planned → due → gone (once) or planned anew (recurring) until its end. While ScheduledActions is
 * suspended an action that is due is missed: resuming makes up for none.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
export const scheduleTransitions: Readonly<Record<string, Transition>> = {
  'schedule:due': (scope, key) => {
    const action = scope.tables.scheduledActions.find(key)?.action;
    const group = scope.tables.groups.find(action?.AutoScalingGroupName ?? '');
    if (action === undefined || group === undefined || group.deleting) return;
    if (!isSuspended(group, 'ScheduledActions')) run(scope, group, action);
    if (action.Recurrence === undefined) scope.tables.scheduledActions.delete(key);
    else planAction(scope, key);
  },
};

/** Plans an action's next run; a recurring one shows it as its start time, and is gone after its end. */
export function planAction(scope: Scope, key: string): void {
  const row = scope.tables.scheduledActions.find(key);
  if (row === undefined) return;
  const { action } = row;
  const now = scope.now();
  const start = action.StartTime?.getTime() ?? now;
  const isAhead = action.StartTime !== undefined && start > now;
  const next =
    action.Recurrence === undefined || isAhead
      ? start
      : nextOccurrence(parseCron(action.Recurrence), action.TimeZone ?? 'Etc/UTC', now);
  if (next === undefined || next > (action.EndTime?.getTime() ?? Infinity)) {
    scope.tables.scheduledActions.delete(key);
    scope.cancel('schedule:due', key);
    return;
  }
  const StartTime = new Date(next);
  scope.tables.scheduledActions.update(key, { action: { ...action, StartTime, Time: StartTime } });
  scope.reschedule('schedule:due', key, (next - now) / 1000);
}

/** The new bounds; the wanted size is put between them. Bounds that cross are pushed apart by the one that is given. */
function run(scope: Scope, group: GroupRecord, action: ScheduledUpdateGroupAction): void {
  const minSize = action.MinSize ?? Math.min(group.minSize, action.MaxSize ?? group.minSize);
  const maxSize = Math.max(action.MaxSize ?? group.maxSize, minSize);
  const wanted = action.DesiredCapacity ?? group.desired;
  const desired = Math.max(minSize, Math.min(maxSize, wanted));
  const cause = `At ${scope.timestamp()} a scheduled action update of AutoScalingGroup constraints to min: ${minSize}, max: ${maxSize}, desired: ${desired} changing the desired capacity from ${group.desired} to ${desired}.`;
  scope.tables.groups.update(group.name, {
    minSize,
    maxSize,
    desired,
    launchNotBefore: 0,
    lastChange: desired === group.desired ? group.lastChange : cause,
  });
  awaken(scope, group.name);
}
