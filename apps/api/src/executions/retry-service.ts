import { setTimeout as pause } from 'node:timers/promises';

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

export interface RetryCommand {
  readonly executionId: string;
  readonly refId: string;
  readonly key: string;
  readonly expectedAttempt?: number;
  readonly by: string;
  readonly reason: string;
  readonly acceptClusterMovedOn?: string;
}

/** How often a retry is sent when the run that it met was taken over by another one. */
const triesMax = 3;

/** Pauses between looks for an accepted retry in the log: a second in all. */
const shownPausesMs = [10, 15, 25, 50, 100, 200, 300, 300] as const;

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
    const answer = await this.send(execution, request);
    await this.shown(command, bodyHash);
    return { ...answer, links: executionLinks(execution) };
  }

  /**
   * Waits, at most a second, until the log shows the accepted retry: who opens the events next must not be told by an
   * ended execution that nothing more will come. The retry goes on either way.
   */
  private async shown(command: RetryCommand, bodyHash: string): Promise<void> {
    for (const pauseMs of shownPausesMs) {
      const answer = await this.recordedAnswer(command, bodyHash).catch(() => null);
      if (answer !== null) return;
      await pause(pauseMs);
    }
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

  private async send(
    execution: StoredExecution,
    request: RetryStageRequest,
  ): Promise<RetryStageAnswer> {
    const { executionId } = execution;
    let { generation } = execution;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.runs.retryStage({ executionId, generation, request, attempt });
      } catch (error) {
        if (!isSuperseded(error) || attempt >= triesMax) throw error;
        ({ generation } = await this.reader.getStored(executionId));
      }
    }
  }
}

function isSuperseded(error: unknown): boolean {
  return error instanceof GennakerError && error.code === 'SUPERSEDED';
}

function bodyHashOf({ key: _key, executionId: _id, ...body }: RetryCommand): string {
  return sha256Hex(canonicalJson({ retry: body }));
}
