/** A watch older than this looks half as often (DESIGN D10). */
const slowDownAfterMs = 600_000;
/** Least pause between two looks, as a share of what is between them: a joiner's first may fall just before the grid's next. */
const leastPauseShare = 0.2;
/** A look that keeps failing is repeated at least this often, unless the period is longer. */
const backOffMsMax = 60_000;
/** An extra look comes after at most this part of what the wait has taken so far: of ten minutes two hundredths may be ours. */
const extraLookShare = 0.05;
/** Extra looks divide the period so: each coarser grid is part of the finer one, so that watchers share their looks. */
const extraLookDivisors = [4, 2] as const;
/** An expected instant that is closer than this to a look comes this much after it: the look may just not have shown it. */
const expectedLookMsMin = 250;
/** Looks of who is hopeful cost at most so many calls a second of one service: Auto Scaling takes 8, and screens come last. */
const hopefulCallsPerSecondMax = 2.5;

/** When looks happen. All watchers look on one grid of instants, so that their looks are the same calls. */
export interface LookSchedule {
  readonly originMs: number;
  readonly periodMs: number;
}

/** What decides when a watcher wants its next look. All times in milliseconds on one clock. */
export interface LookWish {
  readonly joinedAtMs: number;
  /** Failed looks since the last good one. */
  readonly failures: number;
  /** Since when what is awaited may come about at any moment. Null: the regular looks are enough. */
  readonly hopefulSinceMs: number | null;
  /** It cannot come about before this, as far as is known. Null: nothing is known. */
  readonly expectedAtMs: number | null;
}

/** What is watched by those who want many looks now. */
export interface LookCrowd {
  readonly serverGroups: number;
  /** Those whose targets' health is read. */
  readonly targetGroups: number;
  /** Workers that share the account's rate: each may spend its part of it. */
  readonly workers: number;
}

export interface NextLook {
  readonly atMs: number;
  /** Between two of the regular looks: no time has passed for who counts looks as time. */
  readonly extra: boolean;
}

/**
 * The next look of a watcher after one at `nowMs`. Regular ones: each period, each second one after 10 minutes, seldom while
 * they fail. Who is hopeful gets an extra one at the very instant that is expected (a regular look that is about to come
 * serves as well), and many, the more the younger the hope is, unless too many want that (see {@link wantsManyLooks}). Pure.
 */
export function nextLook(
  schedule: LookSchedule,
  wish: LookWish,
  at: { readonly nowMs: number; readonly crowd: LookCrowd },
): NextLook {
  const { nowMs } = at;
  const regularMs = nextRegularMs(schedule, wish, nowMs);
  const extraMs = expectedMs(wish, nowMs) ?? hurriedMs(schedule, wish, at);
  // One that comes later would push the regular look behind its least pause, and so to the next period.
  const latestMs = regularMs - leastPauseMs(schedule);
  return extraMs !== null && extraMs <= latestMs
    ? { atMs: extraMs, extra: true }
    : { atMs: regularMs, extra: false };
}

/** Whether a watcher is to be counted among those who want many looks at this instant. Pure. */
export function wantsManyLooks(schedule: LookSchedule, wish: LookWish, nowMs: number): boolean {
  return expectedMs(wish, nowMs) === null && hurriedStepsMs(schedule, wish, nowMs).length > 0;
}

/** A look calls Auto Scaling once for 50 server groups, and ELB once for each target group. */
function isCheap({ serverGroups, targetGroups, workers }: LookCrowd, stepMs: number): boolean {
  const calls = Math.max(Math.ceil(serverGroups / 50), targetGroups);
  return (calls * workers * 1_000) / stepMs <= hopefulCallsPerSecondMax;
}

function nextRegularMs(schedule: LookSchedule, wish: LookWish, nowMs: number): number {
  const { periodMs } = schedule;
  const calm = nowMs - wish.joinedAtMs >= slowDownAfterMs ? 2 * periodMs : periodMs;
  // Powers of two of the period, so that a watcher that is backing off still falls on the grid of the others.
  const backOffs = Array.from({ length: wish.failures }, (_, index) => periodMs * 2 ** index);
  const backOff = backOffs.findLast((ms) => ms <= backOffMsMax) ?? periodMs;
  return onGrid(schedule, Math.max(calm, backOff), nowMs + leastPauseMs(schedule));
}

function leastPauseMs({ periodMs }: LookSchedule): number {
  return periodMs * leastPauseShare;
}

/** Null where nothing is expected any more. */
function expectedMs(wish: LookWish, nowMs: number): number | null {
  const { hopefulSinceMs, expectedAtMs, failures } = wish;
  if (hopefulSinceMs === null || failures > 0) return null;
  if (expectedAtMs === null || expectedAtMs <= nowMs) return null;
  return Math.max(expectedAtMs, nowMs + expectedLookMsMin);
}

function hurriedMs(
  schedule: LookSchedule,
  wish: LookWish,
  { nowMs, crowd }: { readonly nowMs: number; readonly crowd: LookCrowd },
): number | null {
  const step = hurriedStepsMs(schedule, wish, nowMs).find((ms) => isCheap(crowd, ms));
  if (step === undefined) return null;
  return onGrid(schedule, step, nowMs + step * leastPauseShare);
}

/** How far apart extra looks may be, the closest first; none where the hope is old. */
function hurriedStepsMs(schedule: LookSchedule, wish: LookWish, nowMs: number): readonly number[] {
  const { hopefulSinceMs, expectedAtMs, failures } = wish;
  if (hopefulSinceMs === null || failures > 0) return [];
  const hopedForMs = nowMs - Math.max(hopefulSinceMs, expectedAtMs ?? hopefulSinceMs);
  return extraLookDivisors
    .map((divisor) => schedule.periodMs / divisor)
    .filter((ms) => hopedForMs * extraLookShare < ms);
}

function onGrid({ originMs }: LookSchedule, step: number, earliestMs: number): number {
  return originMs + Math.ceil((earliestMs - originMs) / step) * step;
}
