import { Inject, Injectable } from '@nestjs/common';
import {
  analysisReportSchema,
  httpBounds,
  type AnalysisList,
  type AnalysisRow,
} from '@gennaker/contract';
import type { EventRepository, StoredAnalysis } from '@gennaker/store';

import { EVENTS } from '../store/store-tokens.js';
import { ExecutionReader } from './execution-reader.js';

/** The reports of an execution's canary analyses: they are in its events and nowhere else. */
@Injectable()
export class AnalysisReader {
  constructor(
    @Inject(ExecutionReader) private readonly executions: ExecutionReader,
    @Inject(EVENTS) private readonly events: EventRepository,
  ) {}

  /** One page, newest first. Throws EXECUTION_NOT_FOUND. */
  async list(
    id: string,
    {
      limit = httpBounds.pageSizeDefault,
      cursor,
    }: { readonly limit?: number; readonly cursor?: number },
  ): Promise<AnalysisList> {
    const { executionId } = await this.executions.getStored(id);
    const rows = await this.events.readAnalyses(executionId, { before: cursor ?? null, limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      analyses: rows.map(rowOf),
      nextCursor: last === undefined ? null : `${last.position}`,
    };
  }
}

function rowOf({ position, at, event }: StoredAnalysis): AnalysisRow {
  const { refId, attempt, analysis, report } = event;
  const { analysisId, stepId } = analysis;
  return {
    position,
    at,
    refId,
    attempt,
    analysisId,
    stepId,
    report: analysisReportSchema.parse(report),
  };
}
