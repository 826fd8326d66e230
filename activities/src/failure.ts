import { GennakerError, type ErrorRecord } from '@gennaker/domain';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
  TemporalFailure,
} from '@temporalio/common';

type AnyActivity = (...args: never[]) => Promise<unknown>;

/**
 * The one mapping of errors to Temporal failures: type = code, details = [ErrorRecord], not retried where the retry class
 * is `never`, delayed where AWS said how long. Expected failures are BENIGN, so that they raise no alarm. A cancellation
 * passes untouched; an unknown error becomes INTERNAL and is retried.
 */
export function applicationFailureOf(error: unknown): Error {
  if (error instanceof TemporalFailure || isAbort(error)) return cancelledOr(error);
  if (!(error instanceof GennakerError)) return internalFailure(error);
  const record: ErrorRecord = {
    code: error.code,
    message: error.message,
    details: error.details,
  };
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    // A caller of the API may ask again after SUPERSEDED; an activity belongs to the run that lost.
    nonRetryable: error.retry === 'never' || error.code === 'SUPERSEDED',
    details: [record],
    cause: error,
    ...(error.level === 'error' ? {} : { category: ApplicationFailureCategory.BENIGN }),
    ...(error.retryAfterSeconds === undefined
      ? {}
      : { nextRetryDelay: error.retryAfterSeconds * 1000 }),
  });
}

/** The same activities, with every error that leaves them mapped by {@link applicationFailureOf}. */
export function withFailureMapping<T extends Readonly<Record<keyof T, AnyActivity>>>(
  activities: T,
): T {
  const mapped = Object.entries<AnyActivity>(activities).map(([name, activity]) => [
    name,
    async (...args: never[]) => {
      try {
        return await activity(...args);
      } catch (error) {
        throw applicationFailureOf(error);
      }
    },
  ]);
  return Object.fromEntries(mapped) as T;
}

function internalFailure(error: unknown): ApplicationFailure {
  const message = error instanceof Error ? error.message : String(error);
  const record: ErrorRecord = { code: 'INTERNAL', message, details: {} };
  return ApplicationFailure.create({
    type: 'INTERNAL',
    message,
    details: [record],
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function cancelledOr(error: unknown): Error {
  if (error instanceof TemporalFailure) return error;
  return new CancelledFailure('the activity was cancelled in the middle of a call');
}
