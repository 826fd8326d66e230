import type { ServerGroupDetails } from '@gennaker/aws';
import type { AwsWriteActivities } from '@gennaker/contract/wire';
import {
  GennakerError,
  isSameTag,
  tagsInWords,
  tagsToRestore,
  type PlannedTag,
  type TagStates,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading, writing } from '../../call-options.js';
import { currentLease } from '../../lease/lease-interceptor.js';
import {
  subjectVanished,
  unexpectedLooksMin,
  unlessVanished,
  vanishedLooksMin,
  verifyLooksMax,
} from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { pause } from '../../observe/pause.js';
import type { Observed } from '../../observe/watch-server-group.js';

/** Between two looks for tags: they are not part of the shared reader's look. */
const lookAgainMs = 1_000;

/** The tags of these keys, read-only: what a stage records before it changes them. Throws SUBJECT_VANISHED. */
export function createReadServerGroupTags({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['readServerGroupTags'] {
  return async ({ context, subject, arn, keys }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const tags = tagStatesOf(await getDetails(observed, arn));
    return { tags: Object.fromEntries(keys.map((key) => [key, tags[key] ?? null])) };
  };
}

/**
 * Sets and removes exactly the tags that are named (CreateOrUpdateTags, DeleteTags, both absolute) and reads them back; all
 * others stay. Instances that run keep theirs: AWS propagates at launch only. A second call writes the same again. Throws
 * SUBJECT_VANISHED; CHANGED_BY_SOMEONE_ELSE when AWS does not show what it accepted.
 */
export function createChangeServerGroupTags({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['changeServerGroupTags'] {
  return async ({ context, subject, arn, tags }) => {
    const observed = observedSubject(aws, subject, context.priority);
    await getDetails(observed, arn);
    await write(observed, tags);
    await readBack(observed, arn, tags);
  };
}

/**
 * Gives tags back what was recorded, key by key, where they still are what was written; others are somebody else's and come
 * back as `left`. A group that is gone, going, or replaced by another of its name is `gone`. Harmless twice. Throws
 * CHANGED_BY_SOMEONE_ELSE when AWS does not show what it accepted.
 */
export function createRestoreServerGroupTags({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['restoreServerGroupTags'] {
  return async ({ context, subject, arn, recorded, written }) => {
    const observed = observedSubject(aws, subject, context.priority);
    try {
      const { restore, left } = await settledRestore(observed, arn, { recorded, written });
      await write(observed, restore);
      await readBack(observed, arn, restore);
      return { outcome: 'restored', left };
    } catch (error) {
      if (!(error instanceof GennakerError) || error.code !== 'SUBJECT_VANISHED') throw error;
      return { outcome: 'gone', left: [] };
    }
  };
}

/** All tags of a server group by key. */
export function tagStatesOf({ settings }: ServerGroupDetails): TagStates {
  return Object.fromEntries(
    settings.tags.map(({ key, value, propagateAtLaunch }) => [key, { value, propagateAtLaunch }]),
  );
}

/** What looks like somebody else's may be an old look: it counts once it was seen a few times. */
async function settledRestore(
  observed: Observed,
  arn: string | null,
  recordedAndWritten: { readonly recorded: TagStates; readonly written: TagStates },
) {
  for (let looks = 1; ; looks += 1) {
    const now = tagStatesOf(await getDetails(observed, arn));
    const found = tagsToRestore(now, recordedAndWritten);
    if (found.left.length === 0 || looks >= unexpectedLooksMin) return found;
    await pause(lookAgainMs, currentLease().signal);
  }
}

async function write(observed: Observed, tags: TagStates): Promise<void> {
  const { region, serverGroup, priority } = observed;
  const entries = Object.entries(tags);
  const put = entries.flatMap(([key, tag]): PlannedTag[] =>
    tag === null ? [] : [{ key, ...tag }],
  );
  const removed = entries.filter(([, tag]) => tag === null).map(([key]) => key);
  await unlessVanished(observed, async () => {
    await region.putServerGroupTags(serverGroup, put, await writing(priority));
    await region.deleteServerGroupTags(serverGroup, removed, await writing(priority));
  });
}

async function readBack(observed: Observed, arn: string | null, tags: TagStates): Promise<void> {
  for (let looks = 1; looks <= verifyLooksMax; looks += 1) {
    const now = tagStatesOf(await getDetails(observed, arn));
    if (Object.entries(tags).every(([key, tag]) => isSameTag(now[key] ?? null, tag))) return;
    await pause(lookAgainMs, currentLease().signal);
  }
  const { serverGroup } = observed;
  throw new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `AWS accepted a change of tags of ${serverGroup}, but ${verifyLooksMax} looks do not show it: expected ` +
      `${tagsInWords(tags)}. Someone or something else changes them; stop that, then retry the stage.`,
    { details: { serverGroup, keys: Object.keys(tags) } },
  );
}

/** The group of that ARN; a few looks may miss it. Throws SUBJECT_VANISHED. */
async function getDetails(observed: Observed, arn: string | null): Promise<ServerGroupDetails> {
  const { region, serverGroup, priority } = observed;
  for (let looks = 1; ; looks += 1) {
    const [found] = await region.describeServerGroups([serverGroup], reading(priority));
    const isThere =
      found !== undefined && !found.view.deleting && (arn === null || found.view.arn === arn);
    if (isThere) return found;
    if (looks >= vanishedLooksMin) throw subjectVanished(observed, found?.view ?? null);
    await pause(lookAgainMs, currentLease().signal);
  }
}
