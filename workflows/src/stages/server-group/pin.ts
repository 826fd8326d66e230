import {
  parsePinTag,
  pinTag,
  pinTagKey,
  plannedPin,
  type Capacity,
  type JsonObject,
  type PinServerGroupStage,
  type RecordedPin,
  type TagStates,
  type UnpinServerGroupStage,
} from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { StageFailure } from '../../failures.js';
import { forward } from '../../operations/step-operation.js';
import { awsWrites } from '../../proxies.js';
import { runStep } from '../../steps.js';
import type { StageTask } from '../stage-task.js';
import { changeTags, recordedTags } from './tags.js';
import { targeted, type Target } from './target.js';

/**
 * Raises the minimum to the desired size, after a tag remembers what it was: the tag first, since a pin that nobody
 * remembers is not taken back. A group that cannot shrink is left as it is.
 */
export const pinServerGroupTask: StageTask<PinServerGroupStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const { serverGroup, capacity } = target.before;
  const recorded = await recordedTags(context, target, [pinTagKey]);
  const pin = plannedPin(capacity, pinOf(target, recorded));
  if (pin === null) return { serverGroup, changed: false, min: capacity.min };
  await changeTags(context, target, { recorded, written: { [pinTagKey]: pinTag(pin) } });
  const { pinnedMin } = pin;
  recordMinimum(context, target, { recorded: capacity, pinnedMin });
  const title = `Pin the minimum of ${serverGroup} at ${pinnedMin}`;
  await minimumStep(context, target, {
    title,
    operation: 'pinServerGroup',
    work: async (operation) => {
      const writes = awsWrites(context.deadlineMs());
      const pinned = await writes.pinServerGroup({ ...operation, instancesMin: pinnedMin });
      return { capacity: { ...pinned.capacity } };
    },
  });
  return { serverGroup, changed: true, min: pinnedMin, recordedMin: pin.min };
};

/** Sets the minimum back to what the tag remembers, unless somebody has set another since, and removes the tag. */
export const unpinServerGroupTask: StageTask<UnpinServerGroupStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const { serverGroup, capacity } = target.before;
  const recorded = await recordedTags(context, target, [pinTagKey]);
  const pin = pinOf(target, recorded);
  if (pin === null) return { serverGroup, changed: false, min: capacity.min };
  const { min, pinnedMin } = pin;
  // The way back from here is up: to what the pin wrote, where the minimum still is what this stage writes.
  if (capacity.min === pinnedMin) {
    recordMinimum(context, target, { recorded: { ...capacity, min: pinnedMin }, pinnedMin: min });
  }
  const title = `Set the minimum of ${serverGroup} to ${min} again`;
  const outputs = await minimumStep(context, target, {
    title,
    operation: 'unpinServerGroup',
    work: async (operation) => {
      const restored = { ...operation, recorded: { ...capacity, min }, pinnedMin };
      return { ...(await awsWrites(context.deadlineMs()).unpinServerGroup(restored)) };
    },
  });
  await changeTags(context, target, { recorded, written: { [pinTagKey]: null } });
  const { outcome = '', min: minimum = null } = outputs;
  return { serverGroup, changed: outcome === 'unpinned', outcome, min: minimum };
};

/** The pin that the tag remembers; null where there is none. */
function pinOf({ before }: Target, tags: TagStates): RecordedPin | null {
  const tag = tags[pinTagKey] ?? null;
  if (tag === null) return null;
  const pin = parsePinTag(tag);
  if (pin !== null) return pin;
  throw new StageFailure({
    code: 'CHANGED_BY_SOMEONE_ELSE',
    message:
      `tag ${pinTagKey} of ${before.serverGroup} is "${tag.value}", which no pin has written. Nothing was changed. ` +
      'Set the minimum by hand and remove the tag.',
    details: { serverGroup: before.serverGroup, tag: tag.value },
  });
}

interface Minimum {
  /** Its minimum is what an undo comes back to. */
  readonly recorded: Capacity;
  /** What the stage writes. */
  readonly pinnedMin: number;
}

function recordMinimum(
  context: AttemptContext,
  { before, subject }: Target,
  { recorded, pinnedMin }: Minimum,
): void {
  const id = 'minimum';
  if (context.state.undo.some(({ entry }) => entry.id === id)) return;
  const { serverGroup, arn } = before;
  const title = `Set the minimum of ${serverGroup} to ${recorded.min} again`;
  const operation = 'unpinServerGroup' as const;
  const entry = { id, operation, title, subject, arn, recorded, pinnedMin };
  context.run.emit({ kind: 'undo.recorded', ...context.identity, entry });
}

interface MinimumStep {
  readonly title: string;
  readonly operation: string;
  readonly work: (operation: {
    readonly context: ReturnType<typeof forward>;
    readonly subject: Target['subject'];
    readonly arn: string;
  }) => Promise<JsonObject>;
}

async function minimumStep(
  context: AttemptContext,
  { before, subject }: Target,
  { work, ...named }: MinimumStep,
): Promise<JsonObject> {
  const step = { id: 'minimum', ...named, subject };
  return await runStep(context, step, () =>
    work({ context: forward(context, step), subject, arn: before.arn }),
  );
}
