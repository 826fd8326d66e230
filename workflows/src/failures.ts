import { isErrorCode, type ErrorRecord } from '@gennaker/domain';
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';

/** A failure of a stage that the workflow itself decides on, as an exception within the stage's code only. */
export class StageFailure extends Error {
  readonly record: ErrorRecord;

  constructor(record: ErrorRecord) {
    super(record.message);
    this.name = 'StageFailure';
    this.record = record;
  }
}

/** Any error of a stage's code as data: the activity's own record where it has one. */
export function errorRecordOf(error: unknown): ErrorRecord {
  if (error instanceof StageFailure) return error.record;
  if (error instanceof ActivityFailure) return activityErrorRecord(error);
  return { code: 'INTERNAL', message: messageOf(error), details: {} };
}

/** Whether the activity ended because nobody heard of it any more, so that its last call may still be under way. */
export function endedByTimeout(error: unknown): boolean {
  return error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
}

/** A refusal of an update: fails the update and nothing else. */
export function updateRefusal(record: ErrorRecord): ApplicationFailure {
  return ApplicationFailure.create({
    type: record.code,
    message: record.message,
    nonRetryable: true,
    details: [record],
  });
}

function activityErrorRecord(failure: ActivityFailure): ErrorRecord {
  const { cause } = failure;
  if (cause instanceof ApplicationFailure) {
    const [record] = cause.details ?? [];
    if (isErrorRecord(record)) return record;
    const code = isErrorCode(cause.type) ? cause.type : 'INTERNAL';
    return { code, message: cause.message, details: {} };
  }
  if (cause instanceof TimeoutFailure) {
    const message = `${failure.activityType} did not end in time (${cause.timeoutType})`;
    return { code: 'OUTCOME_UNKNOWN', message, details: { activity: failure.activityType } };
  }
  return { code: 'INTERNAL', message: messageOf(cause ?? failure), details: {} };
}

function isErrorRecord(value: unknown): value is ErrorRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, details } = value as Partial<Record<keyof ErrorRecord, unknown>>;
  return isErrorCode(code) && typeof message === 'string' && typeof details === 'object';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
