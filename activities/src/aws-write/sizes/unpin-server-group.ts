import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { GennakerError } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { lookUntil, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { isSameGroup } from '../../observe/same-group.js';
import { setMinimum } from './resize-server-group.js';

/**
 * Takes a pin back: sets MinSize to the recorded one and touches neither DesiredCapacity nor MaxSize, so that nothing is
 * scaled in by it. Only where the minimum still is what the pin wrote: another one is somebody else's, is left, and comes
 * back as `changed`. Looks first, always, and reads back; a second call writes the same again. A group that is gone, going, or
 * replaced by another of its name is `gone`. Throws CHANGED_BY_SOMEONE_ELSE when AWS does not show what it accepted.
 */
export function createUnpinServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['unpinServerGroup'] {
  return async ({ context, subject, arn, recorded, pinnedMin }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const ours = [recorded.min, pinnedMin];
    const group = await lookUntil(observed, ({ capacity }) => ours.includes(capacity.min));
    if (group === null || group.deleting || !isSameGroup(group, arn)) {
      return { outcome: 'gone', min: null };
    }
    const { min } = group.capacity;
    if (!ours.includes(min)) return { outcome: 'changed', min };
    // Also where the recorded minimum is shown: the look may be older than the pin, and the write is absolute.
    try {
      await setMinimum(observed, recorded.min);
      await verify(observed, {
        withHealth: false,
        expected: `a minimum of ${recorded.min}`,
        isSo: ({ capacity }) => capacity.min === recorded.min,
      });
    } catch (error) {
      if (isVanished(error)) return { outcome: 'gone', min: null };
      throw error;
    }
    return { outcome: 'unpinned', min: recorded.min };
  };
}

/** Deleted between the look and the change. */
function isVanished(error: unknown): boolean {
  return error instanceof GennakerError && error.code === 'SUBJECT_VANISHED';
}
