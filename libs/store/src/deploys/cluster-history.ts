import {
  findStage,
  foldExecution,
  type AttemptState,
  type ClusterRef,
  type ExecutionState,
  type RecordedDeploy,
  type RecordedState,
} from '@gennaker/domain';

import type { Database, Queries } from '../database/database.js';
import { eventsPageMax, readEvents } from '../events/read-events.js';

/** Plans of one cluster that are looked at, newest first: older ones say nothing about what serves now. */
const plansLookedAtMax = 100;

/** One attempt's plan for a cluster. */
export interface ClusterPlan {
  readonly cluster: ClusterRef;
  readonly executionId: string;
  readonly stage: string;
  readonly attempt: number;
}

/** What executions have done to a cluster, as they have recorded it themselves. */
export interface ClusterHistory {
  /** Notes that the attempt has planned a change of the cluster. A second call changes nothing. */
  recordPlan(plan: ClusterPlan): Promise<void>;
  /**
   * The newest deploy that has succeeded, rollbacks not counted, by the order of their planning, which the cluster's lock
   * makes the order of their changes. Undefined among the newest 100 plans: none.
   */
  findLastDeploy(cluster: ClusterRef): Promise<RecordedDeploy | undefined>;
  /** What the server group was like when it was last taken out of traffic. Undefined among the newest 100 plans: none. */
  findRecordedState(cluster: ClusterRef, serverGroup: string): Promise<RecordedState | undefined>;
}

export function createClusterHistory(database: Database): ClusterHistory {
  return {
    recordPlan: (plan) => recordPlan(database, plan),
    findLastDeploy: (cluster) =>
      findNewest(database, cluster, ({ executionId, attempt }) =>
        isSucceededDeploy(attempt)
          ? { executionId, plan: attempt.plan, ...recordedLaunch(attempt) }
          : undefined,
      ),
    findRecordedState: (cluster, serverGroup) =>
      findNewest(database, cluster, ({ executionId, attempt }) => {
        const restore = recordedRestore(attempt, serverGroup);
        return restore && { executionId, restore };
      }),
  };
}

async function recordPlan(
  queries: Queries,
  { cluster, executionId, stage, attempt }: ClusterPlan,
): Promise<void> {
  await queries.query({
    attempted: `note a plan of cluster ${cluster.cluster}`,
    text: `INSERT INTO cluster_plans (account, region, cluster, execution_id, stage, attempt)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    values: [cluster.account, cluster.region, cluster.cluster, executionId, stage, attempt],
  });
}

interface PlannedAttempt {
  readonly executionId: string;
  readonly attempt: AttemptState;
}

/** Reads one execution after the other until one of its attempts tells what is looked for. */
async function findNewest<Found>(
  queries: Queries,
  cluster: ClusterRef,
  find: (planned: PlannedAttempt) => Found | undefined,
): Promise<Found | undefined> {
  const rows = await queries.query<{ execution_id: string; stage: string; attempt: number }>({
    attempted: `find the plans of cluster ${cluster.cluster}`,
    text: `SELECT execution_id, stage, attempt FROM cluster_plans
           WHERE (account, region, cluster) = ($1, $2, $3)
           ORDER BY planned_at DESC, execution_id DESC, stage, attempt DESC LIMIT $4`,
    values: [cluster.account, cluster.region, cluster.cluster, plansLookedAtMax],
  });
  let read: { readonly executionId: string; readonly state: ExecutionState | null } | undefined;
  for (const { execution_id: executionId, stage, attempt: number } of rows) {
    if (read?.executionId !== executionId) {
      read = { executionId, state: await foldOf(queries, executionId) };
    }
    const attempts = read.state === null ? [] : (findStage(read.state, stage)?.attempts ?? []);
    const attempt = attempts.find((candidate) => candidate.attempt === number);
    const found = attempt && find({ executionId, attempt });
    if (found !== undefined) return found;
  }
  return undefined;
}

async function foldOf(queries: Queries, executionId: string): Promise<ExecutionState | null> {
  let state: ExecutionState | null = null;
  let after = 0;
  for (;;) {
    const page = await readEvents(queries, { executionId, after, limit: eventsPageMax });
    for (const record of page) {
      state = foldExecution(state, record);
      after = record.position;
    }
    if (page.length < eventsPageMax) return state;
  }
}

function isSucceededDeploy(
  attempt: AttemptState,
): attempt is AttemptState & { readonly plan: RecordedDeploy['plan'] } {
  const { status, plan } = attempt;
  return status === 'SUCCEEDED' && plan !== null && plan.strategy !== 'rollback';
}

function recordedLaunch({ undo }: AttemptState): Pick<RecordedDeploy, 'launch'> {
  const entries = undo.map(({ entry }) => entry);
  const refresh = entries.find((entry) => entry.operation === 'rollbackInstanceRefresh');
  return refresh === undefined ? {} : { launch: refresh.restore.launch };
}

/** As it was before this very attempt had pinned it: a pin's minimum is not the group's own. */
function recordedRestore({ undo }: AttemptState, serverGroup: string) {
  const entries = undo
    .map(({ entry }) => entry)
    .filter(({ subject }) => subject.serverGroup === serverGroup);
  const enable = entries.find((entry) => entry.operation === 'enableServerGroup');
  if (enable === undefined) return undefined;
  const pin = entries.find((entry) => entry.operation === 'unpinServerGroup');
  const { restore } = enable;
  if (pin === undefined || restore.capacity.min !== pin.pinnedMin) return restore;
  return { ...restore, capacity: { ...restore.capacity, min: pin.recorded.min } };
}
