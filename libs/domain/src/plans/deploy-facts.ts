import type { AlarmState } from '../canary/alarm-gate.js';
import type { ClusterView, ServerGroupView } from '../groups/cluster.js';
import type { InstanceRefreshView, RecordedLaunch } from '../refreshes/instance-refresh.js';
import type { DeployStage } from '../pipeline/pipeline.js';
import type { SourceCarriedOver } from '../carry/source-carried-over.js';
import type { CanaryFacts } from './canary/canary-facts.js';
import type { RefreshBeside } from './refresh-beside.js';
import type { ServerGroupSettings } from './planned-server-group.js';
import type { WeightFacts } from './blue-green/weight-facts.js';

/** Everything that a plan is computed from, read just before. */
export interface DeployFacts {
  readonly stage: DeployStage;
  /** The cluster as AWS has it now. */
  readonly cluster: ClusterView;
  /** When it was read, by our own clock (ISO 8601), which expiry tags are by; absent: nothing counts as expired. */
  readonly readAt?: string;
  /** Groups that canaries of the cluster made for a while, and that are there now; absent: not looked for. */
  readonly temporary?: readonly ServerGroupView[];
  /** The new server group's name: reserved, or what would be reserved next. */
  readonly serverGroup: string;
  readonly imageId: string;
  /** Settings of `sourceOf(cluster)`; null exactly when that is null. */
  readonly source: SourceSettings | null;
  /** Those of the target groups that no listener of any load balancer uses. */
  readonly unusedTargetGroupArns: readonly string[];
  /** The alarms that gate the deploy, as they are; absent: the stage names none. */
  readonly alarms?: readonly AlarmState[];
  /** Instance refreshes of what is replaced, somebody else's; absent: there is none to be seen. */
  readonly refreshesBeside?: readonly RefreshBeside[];
  /** What a rolling deploy needs besides; absent with the other strategies. */
  readonly refresh?: RefreshFacts;
  /** What a canary needs besides; absent with the other strategies. */
  readonly canary?: CanaryFacts;
  /** What a switch by weights needs besides; absent with the strategies that do none. */
  readonly weights?: WeightFacts;
}

/** What is known about the group whose instances are to be replaced in place. */
export interface RefreshFacts {
  readonly launch: RecordedLaunch;
  /** Other groups that follow the template's newest version, and would launch one that we make. */
  readonly latestFollowers: readonly string[];
  /** The instance refresh that is active now, somebody else's; null: none. */
  readonly active: InstanceRefreshView | null;
  /** The stage's alarms; state null: there is none of that name. */
  readonly alarms: readonly { readonly name: string; readonly state: string | null }[];
  /** From InService to counting as ready, as the refresh will have it. */
  readonly warmupSeconds: number;
}

/** What the new server group inherits. */
export interface SourceSettings extends ServerGroupSettings {
  /** Absent for the cluster's first group, which has nothing to inherit. */
  readonly carriedOver?: SourceCarriedOver;
}
