import { Inject, Injectable } from '@nestjs/common';
import type { RollbackAnswer, RollbackPlanAnswer, RollbackPlanBody } from '@gennaker/contract';
import type { PlanPreview } from '@gennaker/contract/wire';
import {
  GennakerError,
  isErrorCode,
  undoTitles,
  type DeployPlan,
  type Pipeline,
} from '@gennaker/domain';

import { refuseOtherApplication } from '../clusters/other-application.js';
import { ExecutionReader } from '../executions/execution-reader.js';
import { StartService } from '../executions/start-service.js';
import { CLUSTER_INSPECTOR, type ClusterInspector } from '../temporal/cluster-inspector.js';
import { ClusterHolders, type ClusterHolder } from './cluster-holder.js';
import { RollbackByCancel } from './rollback-by-cancel.js';
import {
  idempotencyOf,
  rollbackPipeline,
  rollbackStage,
  type ClusterOfApplication,
  type RollbackCommand,
} from './rollback-request.js';

/** Rolls clusters back, at any time. */
@Injectable()
export class RollbackService {
  constructor(
    @Inject(CLUSTER_INSPECTOR) private readonly inspector: ClusterInspector,
    @Inject(ClusterHolders) private readonly holders: ClusterHolders,
    @Inject(RollbackByCancel) private readonly cancels: RollbackByCancel,
    @Inject(StartService) private readonly starts: StartService,
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
  ) {}

  /** What a rollback would do now. Throws what {@link rollback} throws; changes nothing. */
  async plan(cluster: ClusterOfApplication, body: RollbackPlanBody): Promise<RollbackPlanAnswer> {
    refuseOtherApplication(cluster.application, cluster.cluster);
    const holder = await this.holders.find(cluster, body.expectedServing);
    if (holder !== null) {
      const steps = holder.state === null ? [] : undoTitles(holder.state);
      return { outcome: 'cancelled', executionId: holder.executionId, steps, plan: null };
    }
    const plan = await this.planned(cluster, body);
    const steps = plan.steps.map((step) => step.title);
    return { outcome: 'started', executionId: null, steps, plan };
  }

  /**
   * Starts an execution that rolls the cluster back, or cancels the one that is at work on it, whose undo is the rollback.
   * The same key again gets the same answer, however the cluster is by then. Throws SERVER_GROUP_NOT_FOUND,
   * CLUSTER_MOVED_ON, PRECONDITION_FAILED, INVALID_REQUEST, ROLLBACK_IN_PROGRESS, UNDO_STUCK, IDEMPOTENCY_KEY_REUSED,
   * OUTCOME_UNKNOWN and SERVICE_UNAVAILABLE (nothing has changed).
   */
  async rollback(command: RollbackCommand): Promise<RollbackAnswer> {
    const { cluster, body } = command;
    refuseOtherApplication(cluster.application, cluster.cluster);
    const earlier = await this.cancels.earlier(command);
    if (earlier !== null && 'cancelledTo' in earlier) return this.cancels.again(command, earlier);
    if (earlier !== null) return this.startedBefore(command, earlier.executionId);
    const holder = await this.holders.find(cluster, body.expectedServing);
    if (holder !== null) {
      return this.cancels.cancel(command, { ...holder, serverGroup: servesAfter(holder) });
    }
    const plan = await this.planned(cluster, body);
    const { serverGroup } = plan.target;
    // The execution does what was answered: what was recorded may have changed by the time that it plans.
    const ruleArns = plan.weights?.rules.map((rule) => rule.ruleArn);
    const stage = rollbackStage(cluster, {
      ...body,
      toServerGroup: serverGroup,
      ...(ruleArns !== undefined && { ruleArns }),
    });
    const pipeline = rollbackPipeline(cluster.application, stage);
    return this.started(command, { pipeline, serverGroup, plan });
  }

  /** The stored pipeline again: the row is there, and its run is started if it was not. */
  private async startedBefore(
    command: RollbackCommand,
    executionId: string,
  ): Promise<RollbackAnswer> {
    const { pipeline } = await this.reader.getStored(executionId);
    const [stage] = pipeline.stages;
    const serverGroup = stage?.type === 'rollbackCluster' ? (stage.toServerGroup ?? null) : null;
    const folded = await this.reader.findFolded(executionId);
    const plan = folded?.state.stages[0]?.attempts[0]?.plan ?? null;
    return this.started(command, { pipeline, serverGroup, plan });
  }

  private async started(
    command: RollbackCommand,
    rollback: {
      readonly pipeline: Pipeline;
      readonly serverGroup: string | null;
      readonly plan: DeployPlan | null;
    },
  ): Promise<RollbackAnswer> {
    const { pipeline, serverGroup, plan } = rollback;
    const idempotency = idempotencyOf(command);
    const accepted = await this.starts.startBuiltIn({ pipeline, by: command.by, idempotency });
    const { executionId, links } = accepted;
    return {
      outcome: 'started',
      executionId,
      serverGroup,
      message: `Execution ${executionId} rolls ${command.cluster.cluster} back to ${serverGroup}.`,
      steps: plan?.steps.map((step) => step.title) ?? [],
      latestEnd: null,
      links,
    };
  }

  private async planned(
    cluster: ClusterOfApplication,
    body: RollbackPlanBody,
  ): Promise<DeployPlan> {
    const stage = rollbackStage(cluster, body);
    const [preview] = await this.inspector.previewPlans(cluster.application, [{ stage }]);
    if (preview === undefined || preview.plan === null) throw refusalOf(preview);
    return preview.plan;
  }
}

/** The group that an undo of what the holder does brings back; null while it has not planned. */
function servesAfter({ plan }: ClusterHolder): string | null {
  return plan?.source?.serverGroup ?? null;
}

function refusalOf(preview: PlanPreview | undefined): GennakerError {
  const error = preview?.error;
  if (error === undefined || error === null || !isErrorCode(error.code)) {
    return new GennakerError('INTERNAL', 'The worker has answered with no plan and no reason.');
  }
  return new GennakerError(error.code, error.message, { details: error.details ?? {} });
}
