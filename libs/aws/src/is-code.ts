import { GennakerError, type ErrorCode } from '@gennaker/domain';

/** Whether an error is one of ours with this code. */
export function isCode(error: unknown, code: ErrorCode): error is GennakerError {
  return error instanceof GennakerError && error.code === code;
}
