import { namingBounds } from '@gennaker/domain';

/** Sequences in one round: v000 to v999. */
const lap = namingBounds.sequenceMax + 1;

/**
 * How many numbers in a row are tried. It is also what keeps names apart after a wrap-around: a number that comes round
 * again was given out at least this many numbers ago.
 */
export const candidatesMax = lap / 2;

export interface KnownNumbers {
  /** The highest ordinal ever reserved in the cluster, null for none. Ordinals count on over wrap-arounds. */
  readonly highWater: number | null;
  /** The highest sequence that AWS shows in the cluster, null for none. */
  readonly awsHighestSequence: number | null;
}

/**
 * The ordinals that may come next, in order: above the store's mark and above what AWS shows. The sequence of an ordinal
 * is its remainder by 1000, so v000 follows v999 (clouddriver-aws 1.7).
 */
export function nextOrdinals(known: KnownNumbers): readonly number[] {
  const first = Math.max(known.highWater ?? -1, awsOrdinal(known)) + 1;
  return Array.from({ length: candidatesMax }, (_, index) => first + index);
}

export function sequenceOf(ordinal: number): number {
  return ordinal % lap;
}

/**
 * Once numbers have wrapped, AWS's highest may be a leftover of the round before. As serial numbers go (RFC 1982), it then
 * counts as ahead of the mark when it is less than half a round ahead.
 */
function awsOrdinal({ highWater, awsHighestSequence }: KnownNumbers): number {
  if (awsHighestSequence === null) return -1;
  const sequence = Math.min(awsHighestSequence, namingBounds.sequenceMax);
  if (highWater === null || highWater < lap) return sequence;
  const ahead = (sequence - sequenceOf(highWater) + lap) % lap;
  return ahead < lap / 2 ? highWater + ahead : highWater;
}
