import type { ListenerRule } from '../../weights/listener-rule.js';
import type { Checked } from '../../checked.js';
import type { HealthAliases } from '../health-aliases.js';

/** What a canary is planned from besides what every deploy is. */
export interface CanaryFacts {
  /** Every rule that names a target group of the source, with whatever weight, each with its whole actions. */
  readonly rules: readonly ListenerRule[];
  /** One for each step of the strategy, in its order. */
  readonly expectations: readonly CanaryExpectation[];
  /** DNS names (or names) of the load balancers that have these rules. */
  readonly loadBalancers: readonly string[];
  /** Route 53 records that judge them by their target groups; absent: not looked at. */
  readonly aliases?: Checked<HealthAliases>;
}

/** What a step is expected to show, from the last day's traffic (`expectStep` of `libs/canary`). */
export interface CanaryExpectation {
  /** Whether both arms will have what the gate asks for; null where a person alone decides. */
  readonly enough: boolean | null;
  /** For people: requests and minutes of each arm, the smallest rise of errors that is caught, and what would do. */
  readonly reason: string;
}
