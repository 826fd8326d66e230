import { GennakerError } from '@gennaker/domain';
import { DatabaseError } from 'pg';

/**
 * SQLSTATEs that time heals: connection lost, shutting down or starting, out of connections or memory, cancelled by a
 * time limit, lock not free, deadlock, read-only during a failover (PostgreSQL, appendix A). A whole class has two letters.
 */
const passing = [
  '08',
  '53',
  '57',
  '58',
  '28',
  '3D000',
  '40001',
  '40P01',
  '55P03',
  '25P03',
  '25006',
];

/** What the caller gave cannot be stored: data exceptions (NUL in a text, bad time) and index rows too long. */
const invalid = ['22', '54000'];

/**
 * Any failure of the driver as a GennakerError: SERVICE_UNAVAILABLE where the same call may succeed later (it may even
 * have succeeded, when the connection broke during the commit: every write of the store may be repeated), INVALID_REQUEST
 * for values that cannot be stored, INTERNAL for the rest. A GennakerError passes through.
 */
export function storeFailure(error: unknown, attempted: string): GennakerError {
  if (error instanceof GennakerError) return error;
  const found = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DatabaseError)) {
    return isBug(error)
      ? new GennakerError('INTERNAL', `Could not ${attempted}: ${found}.`, { cause: error })
      : unavailable(attempted, found, error);
  }
  const state = error.code ?? '';
  if (matches(state, passing)) return unavailable(attempted, found, error);
  const details = { sqlState: state };
  if (matches(state, invalid)) {
    return new GennakerError(
      'INVALID_REQUEST',
      `Could not ${attempted}: a value cannot be stored (${found}).`,
      { details, cause: error },
    );
  }
  const message = `Could not ${attempted}: PostgreSQL refused with ${state} (${found}).`;
  return new GennakerError('INTERNAL', message, { details, cause: error });
}

/** Whether the connection that gave this error must not be used again: all but what PostgreSQL itself answered. */
export function isConnectionBroken(error: unknown): boolean {
  return !(error instanceof DatabaseError) || matches(error.code ?? '', ['08', '57P']);
}

function unavailable(attempted: string, found: string, cause: unknown): GennakerError {
  return new GennakerError(
    'SERVICE_UNAVAILABLE',
    `Could not ${attempted}: PostgreSQL does not answer as it should (${found}). Try again later.`,
    { details: { service: 'postgres' }, cause },
  );
}

function matches(state: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => state.startsWith(prefix));
}

function isBug(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((bug) => error instanceof bug);
}
