import { Inject, Injectable } from '@nestjs/common';
import { evidenceSchema, type EvidenceAnswer } from '@gennaker/contract';
import { GennakerError } from '@gennaker/domain';
import type { EventRepository } from '@gennaker/store';

import { EVENTS } from '../store/store-tokens.js';
import { executionPath } from './execution-links.js';
import { ExecutionReader } from './execution-reader.js';

interface OfAttempt {
  readonly id: string;
  readonly refId: string;
  readonly attempt: number;
}

/** What was kept of failed server groups: it is in the events and nowhere else, since consoles may tell secrets. */
@Injectable()
export class EvidenceReader {
  constructor(
    @Inject(ExecutionReader) private readonly executions: ExecutionReader,
    @Inject(EVENTS) private readonly events: EventRepository,
  ) {}

  /** Throws EXECUTION_NOT_FOUND, EVIDENCE_NOT_FOUND. */
  async read({ id, refId, attempt }: OfAttempt): Promise<EvidenceAnswer> {
    const { executionId } = await this.executions.getStored(id);
    const found = await this.events.findUndoStart({ executionId, refId, attempt });
    const evidence = found?.event.evidence;
    if (found === undefined || evidence === undefined) {
      const message = `Nothing was kept of attempt ${attempt} of stage "${refId}" of execution ${executionId}.`;
      throw new GennakerError('EVIDENCE_NOT_FOUND', message);
    }
    const path = executionPath(executionId);
    return {
      ...evidenceSchema.parse(evidence),
      executionId,
      refId,
      attempt,
      position: found.position,
      links: {
        self: `${path}/stages/${encodeURIComponent(refId)}/attempts/${attempt}/evidence`,
        execution: path,
      },
    };
  }
}
