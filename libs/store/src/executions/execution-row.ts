import type { ExecutionStatus, Pipeline } from '@gennaker/domain';

/** One execution as lists show it: columns that are kept equal to the fold of its events. Times are ISO 8601. */
export interface ExecutionSummary {
  readonly executionId: string;
  readonly application: string;
  readonly pipelineName: string;
  readonly pipelineVersion: number | null;
  readonly createdBy: string;
  readonly status: ExecutionStatus;
  /** Why a person must look, if one must. */
  readonly needsAttention: string | null;
  readonly engineStalled: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly updatedAt: string;
  /** 0 until a first run has opened the execution. */
  readonly generation: number;
  readonly runId: string | null;
  /** Position of the newest event. */
  readonly position: number;
}

/** An execution with the definition that it runs. */
export interface StoredExecution extends ExecutionSummary {
  readonly pipeline: Pipeline;
}

/** The columns of a summary. */
export const summaryColumns = `execution_id, application, pipeline_name, pipeline_version, created_by, status,
  needs_attention, engine_stalled, created_at, started_at, ended_at, updated_at, generation, run_id, position`;

export interface SummaryRow {
  readonly execution_id: string;
  readonly application: string;
  readonly pipeline_name: string;
  readonly pipeline_version: number | null;
  readonly created_by: string;
  readonly status: ExecutionStatus;
  readonly needs_attention: string | null;
  readonly engine_stalled: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly updated_at: Date;
  readonly generation: number;
  readonly run_id: string | null;
  readonly position: number;
}

export function executionSummary(row: SummaryRow): ExecutionSummary {
  return {
    executionId: row.execution_id,
    application: row.application,
    pipelineName: row.pipeline_name,
    pipelineVersion: row.pipeline_version,
    createdBy: row.created_by,
    status: row.status,
    needsAttention: row.needs_attention,
    engineStalled: row.engine_stalled,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    updatedAt: row.updated_at.toISOString(),
    generation: row.generation,
    runId: row.run_id,
    position: row.position,
  };
}
