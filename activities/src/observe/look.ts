import type { WatchEvent } from '@gennaker/aws';
import { GennakerError, type ServerGroupView } from '@gennaker/domain';
import { watchServerGroup, withoutHealth, type Observed } from './watch-server-group.js';

/**
 * How many looks in a row must not show a group before it counts as gone: a single one may be stale, or too early for a
 * creation whose reply was lost.
 */
export const vanishedLooksMin = 3;
/**
 * The same after a look that showed the group being deleted, early looks included: a stale one would show it, and one more
 * excludes an answer that was incomplete.
 */
export const deletedLooksMin = 2;
/** How many looks a change gets to become visible. */
export const verifyLooksMax = 20;

/** One look at a server group, without health unless asked; null once it is gone. Throws what AWS answered. */
export async function look(
  observed: Observed,
  options: { readonly withHealth: boolean } = { withHealth: false },
): Promise<ServerGroupView | null> {
  let vanished = 0;
  for await (const event of watchServerGroup(observed, options.withHealth ? 0 : withoutHealth)) {
    if (event.kind === 'seen' && (event.withHealth || !options.withHealth))
      return event.serverGroup;
    vanished = event.kind === 'vanished' ? vanished + 1 : 0;
    if (vanished >= vanishedLooksMin) return null;
    throwTrouble(event);
  }
  throw new Error('the watch ended without a look');
}

/** As `look`, but a group that is gone or being deleted is SUBJECT_VANISHED. */
export async function lookAtPresent(
  observed: Observed,
  options: { readonly withHealth: boolean } = { withHealth: false },
): Promise<ServerGroupView> {
  const seen = await look(observed, options);
  if (seen === null || seen.deleting) throw subjectVanished(observed, seen);
  return seen;
}

/** How many looks in a row must not show what was expected before it counts as not being so: one alone may be stale. */
export const unexpectedLooksMin = 3;

/**
 * Looks until AWS shows what is expected; after {@link unexpectedLooksMin} looks that do not, the last of them. Null once
 * the group is gone. For decisions to change nothing, which a single stale look must not bring about.
 */
export async function lookUntil(
  observed: Observed,
  isExpected: (seen: ServerGroupView) => boolean,
): Promise<ServerGroupView | null> {
  let vanished = 0;
  let looks = 0;
  for await (const event of watchServerGroup(observed, withoutHealth)) {
    throwTrouble(event);
    const seen = event.kind === 'seen' ? event.serverGroup : null;
    vanished = seen === null ? vanished + 1 : 0;
    if (vanished >= vanishedLooksMin) return null;
    if (seen === null) continue;
    looks += 1;
    if (isExpected(seen) || looks >= unexpectedLooksMin) return seen;
  }
  throw new Error('the watch ended without a look');
}

/** What a change should have come to. */
export interface Verification {
  readonly withHealth: boolean;
  /** The change in words, for the error. */
  readonly expected: string;
  /** How many looks in a row may not show the group; more for one that was just made. */
  readonly vanishedLooksMax?: number;
  isSo(seen: ServerGroupView): boolean;
  /** Called at each look that does not show the change yet. */
  otherwise?(seen: ServerGroupView): Promise<void>;
}

/**
 * Looks until AWS shows what was changed, at most {@link verifyLooksMax} times. Throws CHANGED_BY_SOMEONE_ELSE when it
 * does not come to be so, SUBJECT_VANISHED when the group is gone or being deleted.
 */
export async function verify(
  observed: Observed,
  verification: Verification,
): Promise<ServerGroupView> {
  const outcome = await verifyUnlessGone(observed, verification);
  if (outcome.kind === 'gone') throw subjectVanished(observed, outcome.deleting);
  return outcome.serverGroup;
}

export type VerifiedOrGone =
  | { readonly kind: 'so'; readonly serverGroup: ServerGroupView }
  | { readonly kind: 'gone'; readonly deleting: ServerGroupView | null };

/** As `verify`, for changes to which a group that is gone, or going, is as good. */
export async function verifyUnlessGone(
  observed: Observed,
  verification: Verification,
): Promise<VerifiedOrGone> {
  const from = verification.withHealth ? 0 : withoutHealth;
  const vanishedMax = verification.vanishedLooksMax ?? vanishedLooksMin;
  let looks = 0;
  let vanished = 0;
  for await (const event of watchServerGroup(observed, from, 'eager')) {
    throwTrouble(event);
    if (event.kind === 'seen' && verification.withHealth && !event.withHealth) continue;
    const seen = event.kind === 'seen' ? event.serverGroup : null;
    if (seen?.deleting === true) return { kind: 'gone', deleting: seen };
    if (seen !== null && verification.isSo(seen)) return { kind: 'so', serverGroup: seen };
    if (seen !== null) vanished = 0;
    // An early look may show what was expected; what it does not show is no evidence of anything.
    if (event.extra) continue;
    if (seen === null) vanished += 1;
    if (vanished >= vanishedMax) return { kind: 'gone', deleting: null };
    looks += 1;
    if (looks >= verifyLooksMax) throw notAsWritten(observed, verification);
    if (seen !== null) await verification.otherwise?.(seen);
  }
  throw new Error('the watch ended without a look');
}

/**
 * Does something to a group; one that AWS does not find and that stays away is SUBJECT_VANISHED, one that is only not
 * visible yet stays AWS_NOT_FOUND, which is retried.
 */
export async function unlessVanished<T>(observed: Observed, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GennakerError) || error.code !== 'AWS_NOT_FOUND') throw error;
    const seen = await look(observed);
    throw seen === null || seen.deleting ? subjectVanished(observed, seen) : error;
  }
}

/** SUBJECT_VANISHED in words. */
export function subjectVanished(
  { serverGroup, region }: Observed,
  seen: ServerGroupView | null,
): GennakerError {
  const how = seen === null ? 'is not there any more' : 'is being deleted';
  return new GennakerError(
    'SUBJECT_VANISHED',
    `Server group ${serverGroup} in ${region.account} ${region.region} ${how}: someone else removed it.`,
    { details: { serverGroup, account: region.account, region: region.region } },
  );
}

function notAsWritten(
  { serverGroup, region }: Observed,
  { expected }: Verification,
): GennakerError {
  return new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `AWS accepted the change of ${serverGroup}, but ${verifyLooksMax} looks do not show it: expected ${expected}. ` +
      'Someone or something else changes this server group; stop that, then retry the stage.',
    { details: { serverGroup, account: region.account, region: region.region, expected } },
  );
}

/** Throws what AWS answered to a look that failed; for short activities, whose next attempt looks again. */
export function throwTrouble(event: WatchEvent): void {
  if (event.kind !== 'trouble') return;
  const { code, message, details } = event.error;
  throw new GennakerError(code, message, { details });
}
