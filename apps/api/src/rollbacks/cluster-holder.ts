import { Inject, Injectable } from '@nestjs/common';
import {
  findStage,
  GennakerError,
  isComplete,
  latestAttempt,
  remainingSteps,
  type ClusterRef,
  type DeployPlan,
  type ExecutionState,
  type RemainingStep,
} from '@gennaker/domain';

import { ExecutionReader } from '../executions/execution-reader.js';
import { CLUSTER_INSPECTOR, type ClusterInspector } from '../temporal/cluster-inspector.js';

/** The execution that writes to a cluster now. */
export interface ClusterHolder {
  readonly executionId: string;
  /** What it does to the cluster; null before it has planned. */
  readonly plan: DeployPlan | null;
  readonly state: ExecutionState | null;
}

/** Who holds a cluster's lock, and whether a rollback may cancel it. */
@Injectable()
export class ClusterHolders {
  constructor(
    @Inject(CLUSTER_INSPECTOR) private readonly inspector: ClusterInspector,
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
  ) {}

  /**
   * The holder whose cancel is a rollback; null where the cluster is free. Throws ROLLBACK_IN_PROGRESS when it is a rollback
   * itself, UNDO_STUCK when it has ended and a person must finish its undo, CLUSTER_MOVED_ON when something else serves
   * than was expected.
   */
  async find(cluster: ClusterRef, expectedServing?: string): Promise<ClusterHolder | null> {
    const { holder } = await this.inspector.readLockQueue(cluster);
    if (holder === null) return null;
    const { executionId, claim } = holder;
    const folded = await this.reader.findFolded(executionId);
    const state = folded?.state ?? null;
    const stage = state === null ? undefined : findStage(state, claim);
    if (stage?.type === 'rollbackCluster') throw rollbackInProgress(cluster, executionId);
    const remaining = state === null ? [] : remainingSteps(state);
    const left = remaining.filter((step) => step.refId === claim);
    if (left.length > 0) throw undoStuck(cluster, { executionId, left });
    // Its stage is over, and the lock on its way to the next in line: there is nothing of it to cancel.
    if (stage !== undefined && isComplete(stage.status)) return null;
    const plan = (stage && latestAttempt(stage)?.plan) ?? null;
    if (expectedServing !== undefined) {
      await this.refuseUnexpected(cluster, { expectedServing, making: plan?.target.serverGroup });
    }
    return { executionId, plan, state };
  }

  /** In the middle of a deploy the old and the new server group may serve: either is what a caller can have seen. */
  private async refuseUnexpected(
    cluster: ClusterRef,
    { expectedServing, making }: { expectedServing: string; making: string | undefined },
  ): Promise<void> {
    if (expectedServing === making) return;
    const { serverGroups } = await this.inspector.readCluster(cluster);
    const serving = serverGroups
      .filter((group) => group.enabled && !group.deleting)
      .map((group) => group.name);
    if (serving.includes(expectedServing)) return;
    throw new GennakerError(
      'CLUSTER_MOVED_ON',
      `Nothing was changed: ${expectedServing} was expected to serve in ${cluster.cluster}, and ` +
        `${serving.length === 0 ? 'nothing' : serving.join(', ')} is in traffic now. Look at the cluster, then ask again.`,
      { details: { expectedServing, serving } },
    );
  }
}

function rollbackInProgress({ cluster }: ClusterRef, executionId: string): GennakerError {
  return new GennakerError(
    'ROLLBACK_IN_PROGRESS',
    `Execution ${executionId} rolls ${cluster} back already. Watch it; to take it back, cancel it.`,
    { details: { executionId, href: `/v1/executions/${executionId}` } },
  );
}

function undoStuck(
  { cluster }: ClusterRef,
  { executionId, left }: { executionId: string; left: readonly RemainingStep[] },
): GennakerError {
  const titles = left.map((step) => step.title);
  return new GennakerError(
    'UNDO_STUCK',
    `Execution ${executionId} holds ${cluster} until its undo is finished: ${titles.join('; ')}. ` +
      'Finish that first: retry its stage, or see its actions.',
    { details: { executionId, href: `/v1/executions/${executionId}`, remaining: titles } },
  );
}
