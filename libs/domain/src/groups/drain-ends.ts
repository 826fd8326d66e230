import type { ServerGroupView } from './cluster.js';
import { drainingStates } from './target-registration.js';

/** A target that drains, and when a look first showed it so, in milliseconds. */
export interface DrainingTarget {
  readonly targetGroupArn: string;
  readonly instanceId: string;
  readonly sinceMs: number;
}

/** What of the group drains as a look at `nowMs` shows it; what drained before keeps its instant. Pure. */
export function drainingTargets(
  before: readonly DrainingTarget[],
  { instances }: Pick<ServerGroupView, 'instances'>,
  nowMs: number,
): readonly DrainingTarget[] {
  return instances.flatMap(({ instanceId, targetHealth }) =>
    targetHealth
      .filter(({ state }) => drainingStates.includes(state))
      .map(({ targetGroupArn }) => {
        const known = before.find(
          (one) => one.instanceId === instanceId && one.targetGroupArn === targetGroupArn,
        );
        return known ?? { targetGroupArn, instanceId, sinceMs: nowMs };
      }),
  );
}

/**
 * When all of them have drained by their target groups' deregistration delay (seconds), in milliseconds; null where nothing
 * drains, or where a delay is not known. An expectation and not a bound: AWS may take longer, and what was seen late has
 * drained earlier. Pure.
 */
export function drainEndMs(
  draining: readonly DrainingTarget[],
  delaySecondsOf: (targetGroupArn: string) => number | undefined,
): number | null {
  const ends = draining.map(({ targetGroupArn, sinceMs }) => {
    const seconds = delaySecondsOf(targetGroupArn);
    return seconds === undefined ? null : sinceMs + seconds * 1_000;
  });
  const known = ends.filter((end) => end !== null);
  return known.length === 0 || known.length < ends.length ? null : Math.max(...known);
}
