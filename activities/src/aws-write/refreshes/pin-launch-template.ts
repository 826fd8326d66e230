import type { AwsWriteActivities } from '@gennaker/contract/wire';
import {
  GennakerError,
  isRecorded,
  isSameVersion,
  versionKey,
  type RefreshRestoreState,
  type ServerGroupView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { lookUntil, subjectVanished, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { assertSameGroup } from '../../observe/same-group.js';

/**
 * Lets a group that follows `$Latest` or `$Default` launch from the number that it means now (UpdateAutoScalingGroup), and
 * reads it back: a version that is made afterwards then changes nothing by being there, and AWS can roll a refresh back
 * (clouddriver-aws 7.7). Harmless twice. Throws CHANGED_BY_SOMEONE_ELSE where the group launches from something else by
 * now, SUBJECT_VANISHED.
 */
export function createPinLaunchTemplate({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['pinLaunchTemplate'] {
  return async ({ context, subject, restore }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const isPinned = (group: ServerGroupView): boolean =>
      isSameVersion(group.launchTemplate, restore.launch);
    const seen = await lookUntil(observed, (group) => isRecorded(group.launchTemplate, restore));
    if (seen === null || seen.deleting) throw subjectVanished(observed, seen);
    assertSameGroup(seen, restore.arn);
    assertRecorded(seen, restore);
    if (isPinned(seen)) return;
    const { region, serverGroup, priority } = observed;
    await region.updateLaunchTemplate(serverGroup, restore.launch, await writing(priority));
    await verify(observed, {
      withHealth: false,
      expected: `launch template ${versionKey(restore.launch)}`,
      isSo: isPinned,
    });
  };
}

/** Throws CHANGED_BY_SOMEONE_ELSE unless the group launches from what was recorded. */
export function assertRecorded(group: ServerGroupView, restore: RefreshRestoreState): void {
  if (isRecorded(group.launchTemplate, restore)) return;
  const recorded = versionKey(restore.launch);
  const found = versionKey(group.launchTemplate);
  throw new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `${group.name} launched from ${recorded} when this deploy looked, and launches from ` +
      `${found === '' ? 'something else' : found} now: somebody else has changed it. Its instances were not touched. ` +
      'Retry the stage to deploy on top of that.',
    { details: { serverGroup: group.name, recorded, found } },
  );
}
