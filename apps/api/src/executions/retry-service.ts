import { Inject, Injectable } from '@nestjs/common';
import type { RetryAnswer } from '@gennaker/contract';
import type { RetryStageAnswer, RetryStageRequest } from '@gennaker/contract/wire';
import {
  clusterLockOf,
  GennakerError,
  isServerGroupStage,
  type ClusterView,
} from '@gennaker/domain';
import { canonicalJson, sha256Hex } from '@gennaker/platform';
import type { StoredExecution } from '@gennaker/store';

import { keyReused } from '../problem/key-reused.js';
import { CLUSTER_INSPECTOR, type ClusterInspector } from '../temporal/cluster-inspector.js';
import { PIPELINE_RUNS, type PipelineRuns } from '../temporal/pipeline-runs.js';
import { executionLinks } from './execution-links.js';
import { ExecutionReader } from './execution-reader.js';
import { sendToNewestRun, untilShown } from './send-to-run.js';

export interface RetryCommand {
  readonly executionId: string;
  readonly refId: string;
  readonly key: string;
  readonly expectedAttempt?: number;
  readonly by: string;
  readonly reason: string;
  readonly acceptClusterMovedOn?: string;
}

/** Retries one stage of an execution, while it runs and after it has ended (DESIGN D5). */
@Injectable()
export class RetryService {
  constructor(
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
    @Inject(PIPELINE_RUNS) private readonly runs: PipelineRuns,
    @Inject(CLUSTER_INSPECTOR) private readonly inspector: ClusterInspector,
  ) {}

  /**
   * The attempt that the retry makes; the same key and body again gets the same answer. Throws the engine's refusal by
   * its code, OUTCOME_UNKNOWN when no worker answers within 10 s, SERVICE_UNAVAILABLE.
   */
  async retry(command: RetryCommand): Promise<RetryAnswer> {
    const execution = await this.reader.getStored(command.executionId);
    const bodyHash = bodyHashOf(command);
    const recorded = await this.recordedAnswer(command, bodyHash);
    if (recorded !== null) return { ...recorded, links: executionLinks(execution) };
    const request = await this.requestOf(execution, command, bodyHash);
    const { executionId } = execution;
    const answer = await sendToNewestRun(this.reader, execution, (to) =>
      this.runs.retryStage({ executionId, request, ...to }),
    );
    await untilShown(() => this.recordedAnswer(command, bodyHash));
    return { ...answer, links: executionLinks(execution) };
  }

  /** What the log already says about this key, so that a repeat needs neither AWS nor Temporal. */
  private async recordedAnswer(
    { executionId, refId, key }: RetryCommand,
    bodyHash: string,
  ): Promise<RetryStageAnswer | null> {
    const folded = await this.reader.findFolded(executionId);
    const earlier = folded?.state.acceptedRetries.find((known) => known.requestId === key);
    if (earlier === undefined) return null;
    if (earlier.bodyHash !== bodyHash) throw keyReused();
    return { executionId, refId, attempt: earlier.attempt };
  }

  private async requestOf(
    execution: StoredExecution,
    command: RetryCommand,
    bodyHash: string,
  ): Promise<RetryStageRequest> {
    const { refId, key, expectedAttempt, by, reason, acceptClusterMovedOn } = command;
    const observedCluster = await this.observe(execution, refId);
    return {
      requestId: key,
      bodyHash,
      refId,
      by,
      reason,
      ...(expectedAttempt === undefined ? {} : { expectedAttempt }),
      ...(acceptClusterMovedOn === undefined ? {} : { acceptServerGroup: acceptClusterMovedOn }),
      ...(observedCluster === null ? {} : { observedCluster }),
    };
  }

  /** The cluster of a stage that deploys to it, as AWS has it now; null for other stages: they find their group anew. */
  private async observe(execution: StoredExecution, refId: string): Promise<ClusterView | null> {
    const stage = execution.pipeline.stages.find((candidate) => candidate.refId === refId);
    if (stage === undefined) {
      const message = `Execution ${execution.executionId} has no stage "${refId}".`;
      throw new GennakerError('STAGE_NOT_FOUND', message);
    }
    if (isServerGroupStage(stage)) return null;
    const cluster = clusterLockOf(execution.application, stage);
    return cluster === null ? null : this.inspector.readCluster(cluster);
  }
}

function bodyHashOf({ key: _key, executionId: _id, ...body }: RetryCommand): string {
  return sha256Hex(canonicalJson({ retry: body }));
}
