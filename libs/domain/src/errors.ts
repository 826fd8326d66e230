import type { JsonObject } from './json.js';

/** When the same attempt may be made again: never, at once with back-off, or after a stated delay. */
export type RetryClass = 'never' | 'later' | 'afterDelay';

/** Who must act: `error` a person, `warn` nobody (it heals or is retried), `info` nobody. */
export type ErrorLevel = 'error' | 'warn' | 'info';

interface ErrorCodeRow {
  readonly retry: RetryClass;
  readonly level: ErrorLevel;
  readonly meaning: string;
}

/** Every stable error code with its default retry class, level and meaning. Codes are a public contract. */
export const errorCodes = {
  INVALID_REQUEST: row('never', 'info', 'The request does not have the documented shape.'),
  PIPELINE_NOT_FOUND: row('never', 'info', 'No pipeline of that application and name.'),
  EXECUTION_NOT_FOUND: row('never', 'info', 'No execution of that id.'),
  STAGE_NOT_FOUND: row('never', 'info', 'The execution has no stage of that refId.'),
  EVIDENCE_NOT_FOUND: row('never', 'info', 'Nothing was kept of that attempt.'),
  IDEMPOTENCY_KEY_REUSED: row('never', 'info', 'The Idempotency-Key was used with another body.'),
  STAGE_NOT_RETRYABLE: row('never', 'info', 'The stage is running, succeeded, or runs downstream.'),
  STALE_ATTEMPT: row('never', 'info', 'The stage has moved on since the attempt that was seen.'),
  CLUSTER_MOVED_ON: row('never', 'info', 'Someone deployed to the cluster since the last attempt.'),
  SERVER_GROUP_NOT_FOUND: row('never', 'info', 'The cluster has no server group of that name.'),
  ROLLBACK_IN_PROGRESS: row('never', 'info', 'The cluster is being rolled back already.'),
  EXECUTION_COMPLETE: row('never', 'info', 'The execution has already ended.'),
  EXECUTION_CANCELING: row('never', 'info', 'The execution is being cancelled.'),
  SUPERSEDED: row('later', 'warn', 'A newer run of the execution has taken over.'),
  OUTCOME_UNKNOWN: row('later', 'warn', 'No worker answered in time; repeat with the same key.'),
  SERVICE_UNAVAILABLE: row('later', 'warn', 'A service that the request needs does not answer.'),
  INTERNAL: row('later', 'error', 'A fault of Gennaker itself.'),
  ACCOUNT_NOT_FOUND: row('never', 'info', 'The account or region is not configured.'),
  AWS_DENIED: row('never', 'error', 'AWS refused the call: the role lacks a permission.'),
  AWS_INVALID: row('never', 'error', 'AWS refused the call: a value is not valid.'),
  AWS_QUOTA: row('never', 'error', 'An AWS quota is used up.'),
  AWS_CONFLICT: row('later', 'warn', 'The AWS resource is busy with another change.'),
  AWS_NOT_FOUND: row('later', 'warn', 'The AWS resource is not visible.'),
  AWS_THROTTLED: row('afterDelay', 'warn', 'AWS answered that we call too often.'),
  AWS_UNAVAILABLE: row('later', 'warn', 'AWS did not answer, or answered with a server error.'),
  NAME_CONFLICT: row('never', 'error', 'A resource of that name exists and is not ours.'),
  NOT_CARRIED_OVER: row('never', 'info', 'The source has settings that would be lost.'),
  IMAGE_NOT_FOUND: row('never', 'info', 'No image matches.'),
  SOURCE_NOT_FOUND: row('never', 'info', 'The cluster has no server group to start from.'),
  LAUNCH_FAILED: row('never', 'error', 'Auto Scaling cannot launch, and waiting will not cure it.'),
  INSTANCE_REFRESH_FAILED: row(
    'never',
    'error',
    'The instance refresh failed, or Auto Scaling has rolled it back.',
  ),
  STAGE_TIMEOUT: row('never', 'error', 'The stage did not finish before its deadline.'),
  SUBJECT_VANISHED: row('never', 'error', 'The resource that the step works on has been removed.'),
  CHANGED_BY_SOMEONE_ELSE: row('never', 'error', 'The resource was changed by someone else.'),
  TRAFFIC_GUARD: row('never', 'error', 'The step would leave too little healthy capacity.'),
  PRECONDITION_FAILED: row('never', 'info', 'A precondition of the stage does not hold.'),
  JUDGMENT_NOT_AWAITED: row('never', 'info', 'The stage waits for no judgment, or was judged.'),
  ALARM_RAISED: row('never', 'error', 'A CloudWatch alarm that gates the stage is in ALARM.'),
  CANARY_FAILED: row('never', 'error', 'The analysis of the canary shows harm.'),
  CANARY_INCONCLUSIVE: row('never', 'error', 'The analysis of the canary can say nothing.'),
  JUDGED_STOP: row('never', 'info', 'A person decided that the stage stops.'),
  LEASE_LOST: row('later', 'warn', 'The activity may no longer be the only writer.'),
  ATTENTION_NOT_NEEDED: row('never', 'info', 'Nothing is left to a person, or it still runs.'),
  UNDO_NOT_REPAIRED: row('never', 'info', 'AWS is not yet as the undo was to leave it.'),
  UNDO_STUCK: row('never', 'error', 'The undo could not finish; a person must look.'),
} as const satisfies Readonly<Record<string, ErrorCodeRow>>;

/** One of the stable codes. */
export type ErrorCode = keyof typeof errorCodes;

/** What a {@link GennakerError} is made of. */
export interface ErrorParts {
  readonly details?: JsonObject;
  readonly cause?: unknown;
  /** Only with a code whose retry class is `afterDelay`: how long to wait at least, in seconds. */
  readonly retryAfterSeconds?: number;
}

/**
 * The one error family. The message says what was attempted, on which resource, what was found, and what to do;
 * it never contains credentials or user data.
 */
export class GennakerError extends Error {
  readonly code: ErrorCode;
  readonly details: JsonObject;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'GennakerError';
    this.code = code;
    this.details = parts.details ?? {};
    this.retryAfterSeconds = parts.retryAfterSeconds;
  }

  get retry(): RetryClass {
    return errorCodes[this.code].retry;
  }

  get level(): ErrorLevel {
    return errorCodes[this.code].level;
  }
}

/** An error as data: what events, views and problem details carry. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: JsonObject;
}

/** Whether a word is one of the stable codes. */
export function isErrorCode(word: unknown): word is ErrorCode {
  return typeof word === 'string' && Object.hasOwn(errorCodes, word);
}

function row(retry: RetryClass, level: ErrorLevel, meaning: string): ErrorCodeRow {
  return { retry, level, meaning };
}
