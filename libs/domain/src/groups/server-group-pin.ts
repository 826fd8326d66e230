import type { TagValue } from './group-tags.js';

/**
 * Tag of a server group whose minimum a stage has pinned: what it was, and what the pin wrote (Spinnaker keeps it in an
 * entity tag, `spinnaker:pinned_capacity`). A wire contract. Never carried over to another server group.
 */
export const pinTagKey = 'gennaker:pinned';

/** A pin that is to be taken back at some later time. */
export interface RecordedPin {
  /** The minimum before the first pin. */
  readonly min: number;
  readonly pinnedMin: number;
}

/** The tag that remembers a pin, such as `min=2 pinned=5`; on the group alone. */
export function pinTag({ min, pinnedMin }: RecordedPin): TagValue {
  return { value: `min=${min} pinned=${pinnedMin}`, propagateAtLaunch: false };
}

/** The pin that a tag remembers; null where it is not one that {@link pinTag} makes. */
export function parsePinTag({ value }: TagValue): RecordedPin | null {
  const found = /^min=(\d{1,6}) pinned=(\d{1,6})$/.exec(value);
  if (found === null) return null;
  return { min: Number(found[1]), pinnedMin: Number(found[2]) };
}

/** What a pin has to do, from what the group is like and what an earlier pin has left. Null: nothing, it cannot shrink. */
export function plannedPin(
  { min, desired }: { readonly min: number; readonly desired: number },
  earlier: RecordedPin | null,
): RecordedPin | null {
  if (min >= desired) return null;
  // The minimum that an earlier pin has found is the one to come back to, if it still holds.
  return { min: earlier === null ? min : Math.min(min, earlier.min), pinnedMin: desired };
}
