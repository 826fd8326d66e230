import type { AnalysisSettings } from './canary-analysis.js';

/**
 * A small fleet of the new version gets a share of the requests, in steps, and is judged at each; then the deploy goes on as
 * a red/black, or everything is given back.
 */
export interface CanaryStrategy {
  readonly type: 'canary';
  /** Rising shares of the requests, each with the time that it is given. */
  readonly steps: readonly CanaryStep[];
  /**
   * Who the canary is compared with: a fresh fleet of the old version, as large and with as many requests, or the running
   * fleet. Default `fresh`: instances of the same age are compared.
   */
  readonly baseline?: CanaryBaseline;
  /**
   * Listener rules, or listeners for their default actions: exactly those that forward to the source. They are locked, so
   * that no other stage changes them meanwhile. Absent: those that AWS shows, unlocked.
   */
  readonly ruleArns?: readonly string[];
  /** Size of the canary, and of the fresh baseline; default: the largest share of the source's size, rounded up. */
  readonly instances?: number;
  /** What an analysis that can say nothing leads to: a person is asked, or the deploy is undone. Default `hold`. */
  readonly onInconclusive?: CanaryInconclusive;
  readonly analysis?: CanaryAnalysisSettings;
  /** CloudWatch alarms that must not be in ALARM, as of a red/black; watched during the steps too. */
  readonly alarms?: readonly string[];
  /** How long the alarms are watched after the switch, in seconds; default 0: one look. */
  readonly bakeSeconds?: number;
  /** Goes on although the last day's traffic says that a step shows too little; the plan warns. Default false. */
  readonly acceptTooLittleTraffic?: boolean;
}

export type CanaryBaseline = 'fresh' | 'running';
export type CanaryInconclusive = 'hold' | 'rollback';

export interface CanaryStep {
  /** The canary's share of the requests in percent; a fresh baseline gets as many. */
  readonly weightPercent: number;
  readonly pause: CanaryPause;
}

/** How long a share lasts, by AWS's clock, before it is judged. */
export type CanaryPause =
  | { readonly minutes: number }
  /** Until the canary has so many requests in enough minutes; reaching the maximum first is inconclusive. */
  | { readonly requests: number; readonly minutesMax: number }
  /** Until a person says so; with `minutes` after that time and an analysis, which still may fail the step. */
  | { readonly approval: true; readonly minutes?: number };

export interface CanaryAnalysisSettings extends AnalysisSettings {
  /** In the background while a step lasts, so often: one that fails ends the step at once. Absent: at its end only. */
  readonly everyMinutes?: number;
}

/** How long the pause is judged after, at most; null: a person alone decides, and nothing is judged. */
export function judgedAfterMinutes(pause: CanaryPause): number | null {
  if ('requests' in pause) return pause.minutesMax;
  return pause.minutes ?? null;
}

/** Minutes of all pauses together, those of people's judgment not counted. */
export function canaryMinutes({ steps }: Pick<CanaryStrategy, 'steps'>): number {
  return steps.reduce((sum, { pause }) => sum + (judgedAfterMinutes(pause) ?? 0), 0);
}
