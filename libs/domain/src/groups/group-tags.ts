/** One tag of a server group (Auto Scaling Tag), without its key. */
export interface TagValue {
  readonly value: string;
  /** Whether instances that are launched from now on get it too; those that run do not change. */
  readonly propagateAtLaunch: boolean;
}

/** Tags by key, as they are or as they should be; null: there is none of that key. */
export type TagStates = Readonly<Record<string, TagValue | null>>;

/** Bounds of Auto Scaling (API_Tag, and the quota of tags of one group). */
export const groupTagBounds = {
  keyCharactersMax: 128,
  valueCharactersMax: 256,
  tagsMax: 50,
} as const;

/** Keys that no stage may touch: AWS's own, and those by which Gennaker knows what is its own. In any case of letters. */
export function isReservedTagKey(key: string): boolean {
  return /^(aws|gennaker):/i.test(key);
}

/** Equal in value and in whether it is propagated. */
export function isSameTag(one: TagValue | null, other: TagValue | null): boolean {
  if (one === null || other === null) return one === other;
  return one.value === other.value && one.propagateAtLaunch === other.propagateAtLaunch;
}

/** What an undo of tags has to write, and what it leaves. */
export interface TagsToRestore {
  readonly restore: TagStates;
  /** Keys whose tag is neither what was recorded nor what was written: somebody else's. */
  readonly left: readonly string[];
}

/** Compares key by key what is there now with what was recorded and what was written. Pure. */
export function tagsToRestore(
  now: TagStates,
  { recorded, written }: { readonly recorded: TagStates; readonly written: TagStates },
): TagsToRestore {
  const isOurs = (key: string) => {
    const tag = now[key] ?? null;
    return isSameTag(tag, recorded[key] ?? null) || isSameTag(tag, written[key] ?? null);
  };
  const keys = Object.keys(recorded);
  return {
    // Also where the recorded tag is shown: the look may be older than the change, and the write is absolute.
    restore: Object.fromEntries(
      keys.filter(isOurs).map((key) => [key, recorded[key] ?? null] as const),
    ),
    left: keys.filter((key) => !isOurs(key)),
  };
}

/** Tags that still are as they were written, and not as recorded: others are somebody else's, as for the undo. Pure. */
export function tagsStillWritten(
  now: TagStates,
  { recorded, written }: { readonly recorded: TagStates; readonly written: TagStates },
): readonly { readonly was: TagStates; readonly wrote: TagStates }[] {
  return Object.keys(recorded).flatMap((key) => {
    const was = recorded[key] ?? null;
    const wrote = written[key] ?? null;
    const isWritten = isSameTag(now[key] ?? null, wrote) && !isSameTag(was, wrote);
    return isWritten ? [{ was: { [key]: was }, wrote: { [key]: wrote } }] : [];
  });
}

/** Tags in words: `team=web, no tier`. */
export function tagsInWords(tags: TagStates): string {
  return Object.entries(tags)
    .map(([key, tag]) => (tag === null ? `no ${key}` : `${key}=${tag.value}`))
    .join(', ');
}
