import { GennakerError, isErrorCode, type ErrorRecord, type JsonObject } from '@gennaker/domain';
import {
  isGrpcServiceError,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';

const grpcCancelled = 1;
const grpcDeadlineExceeded = 4;
const grpcUnavailable = 14;

/** Causes that are followed inwards at most: failure of a workflow, of its activity, of the activity's application. */
const causesMax = 8;

/**
 * Any failure of a call to Temporal as a GennakerError. A refusal keeps the code and the record that it was made with;
 * SERVICE_UNAVAILABLE: the call was never sent, nothing has changed; OUTCOME_UNKNOWN: it was sent, and no answer came.
 * A GennakerError passes through.
 */
export function temporalFailure(error: unknown, attempted: string): GennakerError {
  if (error instanceof GennakerError) return error;
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError) {
    return refusalOf(error, attempted);
  }
  if (isWorkflowNotFound(error)) {
    return new GennakerError('EXECUTION_NOT_FOUND', `Could not ${attempted}: no such workflow.`, {
      cause: error,
    });
  }
  const code = grpcCode(error);
  if (code === undefined) {
    return new GennakerError('INTERNAL', `Could not ${attempted}: ${textOf(error)}.`, {
      cause: error,
    });
  }
  return isAnswerLost(error, code) ? outcomeUnknown(error, attempted) : away(error, attempted);
}

/** Whether Temporal has no open run of the workflow. */
export function isWorkflowNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError;
}

function refusalOf(
  error: WorkflowUpdateFailedError | WorkflowFailedError,
  attempted: string,
): GennakerError {
  const failure = causes(error).find((cause) => cause instanceof ApplicationFailure);
  const [record] = failure?.details ?? [];
  if (isErrorRecord(record)) {
    return new GennakerError(record.code, record.message, {
      details: record.details,
      cause: error,
    });
  }
  if (failure !== undefined && isErrorCode(failure.type)) {
    return new GennakerError(failure.type, failure.message, { cause: error });
  }
  // The run ended, or was ended from outside, while the message was on its way.
  const last = causes(error).at(-1) ?? error;
  const message = `Could not ${attempted}: ${textOf(last)}. Look at the execution, then repeat with the same key.`;
  return new GennakerError('OUTCOME_UNKNOWN', message, { cause: error });
}

function outcomeUnknown(error: unknown, attempted: string): GennakerError {
  const message = `Could not ${attempted} in time: no worker has answered, and it may still happen. Repeat with the same key.`;
  return new GennakerError('OUTCOME_UNKNOWN', message, { cause: error });
}

function away(error: unknown, attempted: string): GennakerError {
  const message = `Could not ${attempted}: Temporal does not answer as it should (${textOf(error)}). Nothing has been changed. Try again later.`;
  const details: JsonObject = { service: 'temporal' };
  return new GennakerError('SERVICE_UNAVAILABLE', message, { details, cause: error });
}

/** UNAVAILABLE without a connection was never sent; any other one may have arrived before the connection broke. */
function isAnswerLost(error: unknown, code: number): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  if (code === grpcUnavailable)
    return !/No connection established|ECONNREFUSED/.test(allText(error));
  return code === grpcDeadlineExceeded || code === grpcCancelled;
}

function grpcCode(error: unknown): number | undefined {
  const failure = causes(error).find((cause) => isGrpcServiceError(cause));
  return isGrpcServiceError(failure) ? failure.code : undefined;
}

function causes(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  let next: unknown = error;
  while (next !== undefined && found.length < causesMax) {
    found.push(next);
    next = next instanceof Error ? next.cause : undefined;
  }
  return found;
}

function allText(error: unknown): string {
  return causes(error).map(textOf).join('; ');
}

function textOf(error: unknown): string {
  const innermost = causes(error).at(-1);
  return innermost instanceof Error ? innermost.message : String(innermost);
}

function isErrorRecord(value: unknown): value is ErrorRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, details } = value as Partial<Record<keyof ErrorRecord, unknown>>;
  return isErrorCode(code) && typeof message === 'string' && typeof details === 'object';
}
