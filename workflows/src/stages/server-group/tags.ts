import { tagsInWords, type TagServerGroupStage, type TagStates } from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { forward } from '../../operations/step-operation.js';
import { awsWrites } from '../../proxies.js';
import { runStep } from '../../steps.js';
import type { StageTask } from '../stage-task.js';
import { targeted, type Target } from './target.js';

/** Sets and removes tags of a server group; undone to what those keys had before. */
export const tagServerGroupTask: StageTask<TagServerGroupStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const set = spec.tags.map(
    ({ key, value, propagateAtLaunch }) => [key, { value, propagateAtLaunch }] as const,
  );
  const wanted: TagStates = Object.fromEntries([
    ...set,
    ...spec.remove.map((key) => [key, null] as const),
  ]);
  const recorded = await recordedTags(context, target, Object.keys(wanted));
  await changeTags(context, target, { recorded, written: wanted });
  const { serverGroup } = target.before;
  return { serverGroup, set: spec.tags.map(({ key }) => key), removed: [...spec.remove] };
};

/** The tags as they are before the first change, read once: a repeat, or another run, finds them in the step's outputs. */
export async function recordedTags(
  context: AttemptContext,
  { before, subject }: Target,
  keys: readonly string[],
): Promise<TagStates> {
  const { serverGroup, arn } = before;
  const title = `Read the tags ${keys.join(', ')} of ${serverGroup}`;
  const step = { id: 'tags:before', operation: 'readServerGroupTags', title, subject };
  const outputs = await runStep(context, step, async () => {
    const operation = { context: forward(context, step), subject, arn };
    const { tags } = await awsWrites(context.deadlineMs()).readServerGroupTags({
      ...operation,
      keys,
    });
    return Object.fromEntries(
      Object.entries(tags).map(([key, tag]) => [key, tag === null ? null : { ...tag }]),
    );
  });
  // Outputs of a step are JSON; these are what the activity has told.
  return outputs as TagStates;
}

/** Tags as they were, and as they are to be. */
export interface TagChange {
  readonly recorded: TagStates;
  readonly written: TagStates;
}

/** Records what brings the tags back, then changes them. */
export async function changeTags(
  context: AttemptContext,
  { before, subject }: Target,
  { recorded, written }: TagChange,
): Promise<void> {
  const { serverGroup, arn } = before;
  const id = 'tags';
  if (context.state.undo.every(({ entry }) => entry.id !== id)) {
    const title = `Tags of ${serverGroup} as before: ${tagsInWords(recorded)}`;
    const entry = { id, operation: 'restoreTags', title, subject, arn, recorded, written } as const;
    context.run.emit({ kind: 'undo.recorded', ...context.identity, entry });
  }
  const title = `Tags of ${serverGroup}: ${tagsInWords(written)}`;
  const step = { id, operation: 'changeServerGroupTags', title, subject };
  await runStep(context, step, async () => {
    const operation = { context: forward(context, step), subject, arn };
    await awsWrites(context.deadlineMs()).changeServerGroupTags({ ...operation, tags: written });
    return {};
  });
}
