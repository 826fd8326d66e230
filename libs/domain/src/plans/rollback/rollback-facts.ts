import type { ClusterView, ServerGroupRestoreState } from '../../groups/cluster.js';
import type { RecordedLaunch } from '../../refreshes/instance-refresh.js';
import type { RollbackClusterStage } from '../../pipeline/pipeline.js';
import type { SourceSettings } from '../deploy-facts.js';
import type { DeployPlan } from '../deploy-plan.js';
import type { RefreshBeside } from '../refresh-beside.js';
import type { WeightFacts } from '../blue-green/weight-facts.js';

/** A deploy of the cluster that has succeeded, as its execution has recorded it. */
export interface RecordedDeploy {
  readonly executionId: string;
  readonly plan: DeployPlan;
  /** What the group launched from before a rolling deploy; absent with the other strategies. */
  readonly launch?: RecordedLaunch;
}

/** What a server group was like when it was last taken out of traffic, as that execution has recorded it. */
export interface RecordedState {
  readonly executionId: string;
  readonly restore: ServerGroupRestoreState;
}

/** Everything that a rollback is planned from, read just before. */
export interface RollbackFacts {
  readonly stage: RollbackClusterStage;
  /** The cluster as AWS has it now, with the health of its instances. */
  readonly cluster: ClusterView;
  /** Name of the group that comes back: see rollbackTarget. */
  readonly serverGroup: string;
  /** Settings of that group. */
  readonly settings: SourceSettings;
  readonly imageId: string;
  /** Null where no execution has taken it out of traffic. */
  readonly recorded: RecordedState | null;
  /** Those of its target groups that no listener of any load balancer uses. */
  readonly unusedTargetGroupArns: readonly string[];
  /** Instance refreshes of what is replaced or comes back, somebody else's; absent: there is none to be seen. */
  readonly refreshesBeside?: readonly RefreshBeside[];
  /** Where the rules are known by which the cluster was deployed by weights; absent otherwise. */
  readonly weights?: WeightFacts;
}
