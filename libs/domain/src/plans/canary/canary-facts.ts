import type { ListenerRule } from '../../weights/listener-rule.js';

/** What a canary is planned from besides what every deploy is. */
export interface CanaryFacts {
  /** Every rule that names a target group of the source, with whatever weight, each with its whole actions. */
  readonly rules: readonly ListenerRule[];
  /** One for each step of the strategy, in its order. */
  readonly expectations: readonly CanaryExpectation[];
}

/** What a step is expected to show, from the last day's traffic (`expectStep` of `libs/canary`). */
export interface CanaryExpectation {
  /** Whether both arms will have what the gate asks for; null where a person alone decides. */
  readonly enough: boolean | null;
  /** For people: requests and minutes of each arm, the smallest rise of errors that is caught, and what would do. */
  readonly reason: string;
}
