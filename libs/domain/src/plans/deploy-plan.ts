import type { PlannedServerGroup } from './planned-server-group.js';
import type { ClusterRef } from '../groups/cluster.js';
import type { DeployStrategy } from '../pipeline/pipeline.js';
import type { PlanPromise } from './plan-promise.js';
import type { PlanStep } from './plan-step.js';
import type { PlannedWeights } from './blue-green/weight-facts.js';

/**
 * What a deploy will do, as plain data: computed on live data by an activity (and by `POST …/plan`, the same code), kept
 * in history, and only interpreted by the workflow.
 */
export interface DeployPlan {
  /** 1: of a release that named no promise. */
  readonly planVersion: 1 | 2;
  /** `rollback`: of a rollbackCluster stage, whose target is a server group that is there already. */
  readonly strategy: DeployStrategy['type'] | 'rollback';
  readonly cluster: ClusterRef;
  /** The server group whose settings are inherited; null for the cluster's first one. */
  readonly source: PlannedSource | null;
  readonly target: PlannedServerGroup;
  /** Server groups that are disabled after the switch, in this order. */
  readonly disables: readonly string[];
  /** Server groups that are destroyed, in this order; absent: none. */
  readonly destroys?: readonly string[];
  /** Every server group of the cluster when this was planned; a later one by someone else means it moved on. */
  readonly observedServerGroups: readonly string[];
  readonly steps: readonly PlanStep[];
  /** How requests are switched, with every rule that is concerned; only where that is done by weights. */
  readonly weights?: PlannedWeights;
  /** What holds all the time and how it ends, named in advance; absent in plans of version 1. */
  readonly promise?: PlanPromise;
  /** Things a person should know before it runs. */
  readonly warnings: readonly string[];
}

export interface PlannedSource {
  readonly serverGroup: string;
  readonly arn: string;
  readonly imageId: string | null;
}
