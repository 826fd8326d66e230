import { Inject, Injectable } from '@nestjs/common';
import { httpBounds, type ExecutionAnswer, type ExecutionList } from '@gennaker/contract';
import {
  foldExecution,
  GennakerError,
  parseExecutionId,
  type ExecutionState,
  type ExecutionStatus,
} from '@gennaker/domain';
import {
  eventsPageMax,
  type EventRepository,
  type ExecutionRepository,
  type ExecutionSummary,
  type StoredExecution,
} from '@gennaker/store';

import { EVENTS, EXECUTIONS } from '../store/store-tokens.js';
import { executionActions } from './execution-actions.js';
import { executionLinks } from './execution-links.js';

interface ListRequest {
  readonly application?: string;
  readonly pipeline?: string;
  readonly status?: ExecutionStatus;
  readonly cursor?: string;
  readonly limit?: number;
}

/** The fold of an execution's events up to a position. */
export interface FoldedExecution {
  readonly state: ExecutionState;
  readonly position: number;
}

/** Executions as people read them. */
@Injectable()
export class ExecutionReader {
  constructor(
    @Inject(EXECUTIONS) private readonly executions: ExecutionRepository,
    @Inject(EVENTS) private readonly events: EventRepository,
  ) {}

  /** Throws EXECUTION_NOT_FOUND, also for a text that is no id. */
  async getStored(id: string): Promise<StoredExecution> {
    const executionId = parseExecutionId(id);
    const found = executionId && (await this.executions.findExecution(executionId));
    if (found === undefined) throw executionNotFound(id);
    return found;
  }

  /** The state, folded page by page; null when there is no such execution. */
  async findFolded(executionId: string): Promise<FoldedExecution | null> {
    let state: ExecutionState | null = null;
    let position = 0;
    for (;;) {
      const page = await this.events.readEvents(executionId, position, eventsPageMax);
      for (const record of page) {
        state = foldExecution(state, record);
        position = record.position;
      }
      if (page.length < eventsPageMax) return state === null ? null : { state, position };
    }
  }

  /** Throws EXECUTION_NOT_FOUND. */
  async read(id: string): Promise<ExecutionAnswer> {
    const folded = parseExecutionId(id) && (await this.findFolded(id));
    if (folded === undefined || folded === null) throw executionNotFound(id);
    const { state, position } = folded;
    return { ...state, position, actions: executionActions(state), links: executionLinks(state) };
  }

  async list(request: ListRequest): Promise<ExecutionList> {
    const { application, pipeline, status, cursor, limit = httpBounds.pageSizeDefault } = request;
    const rows = await this.executions.listExecutions({
      // One more than asked for, unless that is above the store's bound, tells whether there is a next page.
      limit: Math.min(limit + 1, httpBounds.pageSizeMax),
      ...(application === undefined ? {} : { application }),
      ...(pipeline === undefined ? {} : { pipelineName: pipeline }),
      ...(status === undefined ? {} : { status }),
      ...(cursor === undefined ? {} : { before: cursor }),
    });
    const page = rows.slice(0, limit);
    const more = rows.length > limit || rows.length === httpBounds.pageSizeMax;
    const last = more ? page.at(-1) : undefined;
    return { executions: page.map(executionRow), nextCursor: last?.executionId ?? null };
  }
}

/** The answer to an id that no execution has. */
export function executionNotFound(id: string): GennakerError {
  return new GennakerError('EXECUTION_NOT_FOUND', `There is no execution ${id}.`);
}

function executionRow(row: ExecutionSummary): ExecutionList['executions'][number] {
  return {
    executionId: row.executionId,
    application: row.application,
    pipelineName: row.pipelineName,
    pipelineVersion: row.pipelineVersion,
    createdBy: row.createdBy,
    status: row.status,
    needsAttention: row.needsAttention,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    links: executionLinks(row),
  };
}
