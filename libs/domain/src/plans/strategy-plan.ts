import type { ClusterRef, ServerGroupView } from '../cluster.js';
import type { DeployStage } from '../pipeline.js';
import type { PlannedServerGroup } from './deploy-plan.js';
import type { PlanPromise } from './plan-promise.js';
import type { PlanStep } from './plan-step.js';

/** What every strategy plans from. */
export interface StrategyFacts {
  readonly stage: DeployStage;
  readonly cluster: ClusterRef;
  /** The new server group. */
  readonly target: PlannedServerGroup;
  readonly source: ServerGroupView | null;
  /** Enabled groups that are not being deleted, oldest first: the longest replaced goes first, the source last. */
  readonly enabled: readonly ServerGroupView[];
  /** All groups that are not being deleted, oldest first, without the new one. */
  readonly present: readonly ServerGroupView[];
}

/** What a strategy makes of them. */
export interface StrategyPlan {
  readonly steps: readonly PlanStep[];
  /** Names of the groups that are taken out of traffic, in this order. */
  readonly disables: readonly string[];
  readonly promise: PlanPromise;
}
