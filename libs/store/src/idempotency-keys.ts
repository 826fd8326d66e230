import { GennakerError, type Json } from '@gennaker/domain';

import type { Queries } from './database/database.js';

/** How long a key is remembered; from then on the same key is a new request. */
export const idempotencyKeyLifeSeconds = 7 * 24 * 3600;

/** Most keys that one purge removes. */
export const purgedKeysMax = 5_000;

/** A caller's key within one kind of request (`scope`), with the hash of the request's canonical body. */
export interface Idempotency {
  readonly scope: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** What a key stands for, as it was before this claim; null when the claim took it. */
export interface EarlierUse<Outcome extends Json> {
  readonly sameBody: boolean;
  readonly outcome: Outcome;
}

export interface Claim<Outcome extends Json> {
  readonly idempotency: Idempotency;
  readonly outcome: Outcome;
  readonly now: Date;
}

/**
 * Takes the key for this outcome within the caller's transaction, or tells what it stands for already. Of two at once the
 * second waits until the first has committed or rolled back.
 */
export async function claimKey<Outcome extends Json>(
  queries: Queries,
  { idempotency, outcome, now }: Claim<Outcome>,
): Promise<EarlierUse<Outcome> | null> {
  const { scope, key, bodyHash } = idempotency;
  const expired = new Date(now.getTime() - idempotencyKeyLifeSeconds * 1000);
  const attempted = 'claim the idempotency key';
  const taken = await queries.query({
    attempted,
    text: `INSERT INTO idempotency_keys AS k (scope, key, body_hash, outcome, created_at)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (scope, key) DO UPDATE
             SET body_hash = excluded.body_hash, outcome = excluded.outcome, created_at = excluded.created_at
             WHERE k.created_at < $6
           RETURNING scope`,
    values: [scope, key, bodyHash, JSON.stringify(outcome), now, expired],
  });
  if (taken.length > 0) return null;
  const [earlier] = await queries.query<{ same_body: boolean; outcome: Outcome }>({
    attempted,
    text: `SELECT body_hash = $3 AS same_body, outcome FROM idempotency_keys
           WHERE scope = $1 AND key = $2`,
    values: [scope, key, bodyHash],
  });
  // The purge removes expired keys only, and an expired one would have been taken.
  if (earlier === undefined) {
    throw new GennakerError('INTERNAL', 'An idempotency key vanished while it was claimed.');
  }
  return { sameBody: earlier.same_body, outcome: earlier.outcome };
}

/** What a key stands for, or undefined: never used, or expired. Takes nothing. */
export async function findKey<Outcome extends Json>(
  queries: Queries,
  { idempotency, now }: Omit<Claim<Outcome>, 'outcome'>,
): Promise<EarlierUse<Outcome> | undefined> {
  const { scope, key, bodyHash } = idempotency;
  const expired = new Date(now.getTime() - idempotencyKeyLifeSeconds * 1000);
  const [earlier] = await queries.query<{ same_body: boolean; outcome: Outcome }>({
    attempted: 'look for the idempotency key',
    text: `SELECT body_hash = $3 AS same_body, outcome FROM idempotency_keys
           WHERE scope = $1 AND key = $2 AND created_at >= $4`,
    values: [scope, key, bodyHash, expired],
  });
  return earlier && { sameBody: earlier.same_body, outcome: earlier.outcome };
}

/** Changes the outcome of a key that this transaction has taken. */
export async function settleKey(
  queries: Queries,
  { scope, key }: Idempotency,
  outcome: Json,
): Promise<void> {
  await queries.query({
    attempted: 'settle the idempotency key',
    text: 'UPDATE idempotency_keys SET outcome = $3 WHERE scope = $1 AND key = $2',
    values: [scope, key, JSON.stringify(outcome)],
  });
}

/** Removes keys that have expired, at most 5,000 a call; returns how many. Call again while that many came. */
export async function purgeIdempotencyKeys(queries: Queries, now: Date): Promise<number> {
  const expired = new Date(now.getTime() - idempotencyKeyLifeSeconds * 1000);
  const rows = await queries.query({
    attempted: 'purge expired idempotency keys',
    text: `DELETE FROM idempotency_keys WHERE (scope, key) IN (
             SELECT scope, key FROM idempotency_keys WHERE created_at < $1
             ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING scope`,
    values: [expired, purgedKeysMax],
  });
  return rows.length;
}
