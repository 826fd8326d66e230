import type { ClusterRef, ServerGroupView } from '../groups/cluster.js';
import type { DeployStage } from '../pipeline/pipeline.js';
import type { RefreshFacts } from './deploy-facts.js';
import type { PlannedServerGroup } from './planned-server-group.js';
import type { PlanPromise } from './plan-promise.js';
import type { PlanStep } from './plan-step.js';
import type { PlannedWeights } from './blue-green/weight-facts.js';

/** What the steps of a switch from one server group to another are made of. */
export interface SwitchFacts {
  readonly stage: Pick<DeployStage, 'capacity' | 'zoneFloorPercent'>;
  readonly cluster: ClusterRef;
  /** The server group that takes over. */
  readonly target: PlannedServerGroup;
  readonly source: ServerGroupView | null;
}

/** What every strategy plans from. */
export interface StrategyFacts extends SwitchFacts {
  readonly stage: DeployStage;
  /** Enabled groups that are not being deleted, oldest first: the longest replaced goes first, the source last. */
  readonly enabled: readonly ServerGroupView[];
  /** All groups that are not being deleted, oldest first, without the new one. */
  readonly present: readonly ServerGroupView[];
  /** Only with the strategy rolling. */
  readonly refresh?: RefreshFacts | undefined;
}

/** What a strategy makes of them. */
export interface StrategyPlan {
  readonly steps: readonly PlanStep[];
  /** Names of the groups that are taken out of traffic, in this order. */
  readonly disables: readonly string[];
  /** Names of the groups that are destroyed, in this order; absent: none. */
  readonly destroys?: readonly string[];
  readonly promise: PlanPromise;
  /** Names of the enabled groups that the new one takes over from, where they are others than it disables. */
  readonly replaces?: readonly string[];
  /** Only of a switch by weights. */
  readonly weights?: PlannedWeights;
  /** Besides those that every deploy has. */
  readonly warnings?: readonly string[];
}
