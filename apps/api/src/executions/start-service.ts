import { Inject, Injectable } from '@nestjs/common';
import type { AcceptedExecution } from '@gennaker/contract';
import { GennakerError, type JsonObject, type Pipeline, type UrgentStart } from '@gennaker/domain';
import { canonicalJson, newExecutionId, sha256Hex, type Clock } from '@gennaker/platform';
import type { ExecutionRepository, Idempotency } from '@gennaker/store';

import { CLOCK } from '../clock/clock-token.js';
import { PipelineService } from '../pipelines/pipeline-service.js';
import { keyReused } from '../problem/key-reused.js';
import { RequestRefused } from '../problem/request-refused.js';
import { EXECUTIONS } from '../store/store-tokens.js';
import { PIPELINE_RUNS, type PipelineRuns } from '../temporal/pipeline-runs.js';
import { executionLinks } from './execution-links.js';

interface StartSaved {
  readonly application: string;
  readonly name: string;
  readonly version?: number;
  readonly by: string;
  readonly key: string;
  readonly urgent?: UrgentStart;
}

interface StartInline {
  readonly pipeline: Pipeline;
  readonly by: string;
  readonly key: string;
  readonly urgent?: UrgentStart;
}

/** A pipeline that Gennaker itself has made for a request. */
interface StartBuiltIn {
  readonly pipeline: Pipeline;
  readonly by: string;
  /** Of the request that was made, whatever the pipeline is by now. */
  readonly idempotency: Idempotency;
  readonly urgent?: UrgentStart;
}

interface Start extends StartBuiltIn {
  readonly pipelineVersion: number | null;
}

/** Starts executions: first the row, then the workflow (DESIGN section 2, step 2). */
@Injectable()
export class StartService {
  constructor(
    @Inject(EXECUTIONS) private readonly executions: ExecutionRepository,
    @Inject(PIPELINE_RUNS) private readonly runs: PipelineRuns,
    @Inject(PipelineService) private readonly pipelines: PipelineService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws PIPELINE_NOT_FOUND, and what {@link startInline} throws. */
  async startSaved(start: StartSaved): Promise<AcceptedExecution> {
    const { application, name, version, by, key, urgent } = start;
    const { pipeline, version: found } = await this.pipelines.get({ application, name }, version);
    const hurry = hurryOf(urgent);
    const request = { application, name, version: version ?? null, by, ...hurry };
    const idempotency = idempotencyOf(key, request);
    return this.start({ pipeline, by, pipelineVersion: found, idempotency, ...hurry });
  }

  /**
   * Returns once Temporal has accepted the run. Throws IDEMPOTENCY_KEY_REUSED; SERVICE_UNAVAILABLE with the execution's
   * id when it is stored and Temporal is away: the sweeper starts it later, and the same key again tells when.
   */
  async startInline({ pipeline, by, key, urgent }: StartInline): Promise<AcceptedExecution> {
    // A pipeline is JSON by its schema; its optional fields are absent, never undefined.
    const hurry = hurryOf(urgent);
    const request = { pipeline: pipeline as unknown as JsonObject, by, ...hurry };
    return this.startBuiltIn({ pipeline, by, idempotency: idempotencyOf(key, request), ...hurry });
  }

  /** As {@link startInline}, for a pipeline that no person has written; the key belongs to the request that asked for it. */
  startBuiltIn(start: StartBuiltIn): Promise<AcceptedExecution> {
    return this.start({ ...start, pipelineVersion: null });
  }

  private async start(start: Start): Promise<AcceptedExecution> {
    const executionId = await this.create(start);
    const { pipeline, pipelineVersion } = start;
    try {
      await this.runs.startRun(executionId);
    } catch (error) {
      throw notStartedYet(error, executionId);
    }
    const { application, name: pipelineName } = pipeline;
    const accepted = { executionId, application, pipelineName, pipelineVersion };
    return { ...accepted, links: executionLinks(accepted) };
  }

  /** The id of the new execution, or of the one that this key has made before. */
  private async create(start: Start): Promise<string> {
    const { pipeline, by, pipelineVersion, idempotency, urgent } = start;
    const { application, name, stages } = pipeline;
    const created = await this.executions.createExecution({
      execution: {
        executionId: newExecutionId(),
        application,
        pipelineName: name,
        pipelineVersion,
        createdBy: by,
        ...hurryOf(urgent),
        stages: stages.map(({ refId, name: title, type, requisiteStageRefIds }) => ({
          refId,
          name: title,
          type,
          requisiteStageRefIds,
        })),
      },
      pipeline,
      idempotency,
      now: this.clock.now(),
    });
    if (created.outcome === 'keyReused') throw keyReused();
    return created.executionId;
  }
}

/** Nothing where it is absent: a request in no hurry keeps the hash that it had in releases without it. */
function hurryOf(urgent: UrgentStart | undefined): {
  readonly urgent?: { readonly reason: string };
} {
  return urgent === undefined ? {} : { urgent: { reason: urgent.reason } };
}

/** `request` is what the caller asked for, without what it stands for now: the hash tells a repeat from another request. */
function idempotencyOf(key: string, request: JsonObject): Idempotency {
  return { scope: 'executions', key, bodyHash: sha256Hex(canonicalJson(request)) };
}

function notStartedYet(error: unknown, executionId: string): unknown {
  const passing = ['SERVICE_UNAVAILABLE', 'OUTCOME_UNKNOWN'];
  if (!(error instanceof GennakerError) || !passing.includes(error.code)) return error;
  const detail =
    `Execution ${executionId} is stored, but Temporal has not accepted it yet. It will be started as soon as Temporal ` +
    'answers; the same request with the same Idempotency-Key is answered with 202 then.';
  return new RequestRefused('SERVICE_UNAVAILABLE', detail, {
    executionId,
    details: { service: 'temporal', executionId },
    headers: { location: `/v1/executions/${executionId}` },
    cause: error,
  });
}
