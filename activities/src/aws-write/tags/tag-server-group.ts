import type { ServerGroupDetails } from '@gennaker/aws';
import type { AwsWriteActivities, TagServerGroupInput } from '@gennaker/contract/wire';
import { GennakerError } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading, writing } from '../../call-options.js';
import { currentLease } from '../../lease/lease-interceptor.js';
import { lookAtPresent, unlessVanished, verifyLooksMax } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { pause } from '../../observe/pause.js';
import { assertSameGroup } from '../../observe/same-group.js';
import type { Observed } from '../../observe/watch-server-group.js';

/** Between two looks for tags that were just written. */
const lookAgainMs = 1_000;

/**
 * Sets tags of a server group (CreateOrUpdateTags, none of them propagated to instances) and reads them back. Absolute, so a
 * second call writes the same again; other tags stay. Throws SUBJECT_VANISHED for a group that is gone or another of its
 * name; CHANGED_BY_SOMEONE_ELSE when AWS does not show what it accepted.
 */
export function createTagServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['tagServerGroup'] {
  return async (input) => {
    const { context, subject, arn, tags } = input;
    const observed = observedSubject(aws, subject, context.priority);
    assertSameGroup(await lookAtPresent(observed), arn);
    const { region, serverGroup, priority } = observed;
    await unlessVanished(observed, async () =>
      region.tagServerGroup(serverGroup, tags, await writing(priority)),
    );
    await readBack(observed, input);
  };
}

/** Tags are not part of the shared reader's look. */
async function readBack(observed: Observed, { tags }: TagServerGroupInput): Promise<void> {
  const { region, serverGroup, priority } = observed;
  for (let looks = 1; looks <= verifyLooksMax; looks += 1) {
    const [found] = await region.describeServerGroups([serverGroup], reading(priority));
    if (found !== undefined && hasTags(found, tags)) return;
    await pause(lookAgainMs, currentLease().signal);
  }
  throw new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `AWS accepted tags of ${serverGroup}, but ${verifyLooksMax} looks do not show them: expected ` +
      `${Object.keys(tags).join(', ')}. Someone or something else changes them; stop that, then retry the stage.`,
    { details: { serverGroup, tags: { ...tags } } },
  );
}

function hasTags(found: ServerGroupDetails, tags: TagServerGroupInput['tags']): boolean {
  return Object.entries(tags).every(([key, value]) => found.tags[key] === value);
}
