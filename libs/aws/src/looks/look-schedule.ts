/** A watch older than this looks half as often (DESIGN D10). */
const slowDownAfterMs = 600_000;
/** Least pause between two looks, as a share of the period: a joiner's first look may fall just before the grid's next. */
const leastPauseShare = 0.2;
/** A look that keeps failing is repeated at least this often, unless the period is longer. */
const backOffMsMax = 60_000;

/** When looks happen. All watchers look on one grid of instants, so that their looks are the same calls. */
export interface LookSchedule {
  readonly originMs: number;
  readonly periodMs: number;
}

/** The grid's next instant for a watcher after a look: each period, each second one after 10 minutes. Pure. */
export function nextLookMs(
  schedule: LookSchedule,
  watcher: { readonly joinedAtMs: number; readonly failures: number },
  nowMs: number,
): number {
  const { originMs, periodMs } = schedule;
  const calm = nowMs - watcher.joinedAtMs >= slowDownAfterMs ? 2 * periodMs : periodMs;
  // Powers of two of the period, so that a watcher that is backing off still falls on the grid of the others.
  const backOffs = Array.from({ length: watcher.failures }, (_, index) => periodMs * 2 ** index);
  const backOff = backOffs.findLast((ms) => ms <= backOffMsMax) ?? periodMs;
  const step = Math.max(calm, backOff);
  const earliest = nowMs + periodMs * leastPauseShare;
  return originMs + Math.ceil((earliest - originMs) / step) * step;
}
