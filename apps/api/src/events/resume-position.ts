import type { FaultPlace } from '@gennaker/contract';
import { isComplete } from '@gennaker/domain';
import type { ExecutionSummary } from '@gennaker/store';

import { RequestRefused } from '../problem/request-refused.js';

/** Where a stream begins. */
export interface Resume {
  readonly after: number;
  /** The client has everything and the execution has ended. */
  readonly nothingMore: boolean;
}

/** `Last-Event-ID` wins over the query, since a client that comes back repeats its query. Throws INVALID_REQUEST. */
export function resumePosition(
  execution: Pick<ExecutionSummary, 'position' | 'status' | 'executionId'>,
  lastEventId: string | undefined,
  after: number | undefined,
): Resume {
  const text = lastEventId ?? '';
  const refused = (detail: string) =>
    text === '' ? refusal('query', '/after', detail) : refusal('header', '/last-event-id', detail);
  if (text !== '' && !/^\d{1,15}$/.test(text)) {
    throw refused('the position of an event is a whole number');
  }
  const position = text === '' ? (after ?? 0) : Number(text);
  if (position > execution.position) {
    throw refused(`execution ${execution.executionId} has ${execution.position} events so far`);
  }
  const nothingMore = position === execution.position && isComplete(execution.status);
  return { after: position, nothingMore };
}

function refusal(place: FaultPlace, pointer: string, detail: string): RequestRefused {
  return new RequestRefused('INVALID_REQUEST', `There is no such position: ${detail}.`, {
    faults: [{ in: place, pointer, detail }],
  });
}
