import { GennakerError, type ErrorCode } from '@gennaker/domain';

/** Whether an error is one of ours with this code. */
export function isCode(error: unknown, code: ErrorCode): error is GennakerError {
  return error instanceof GennakerError && error.code === code;
}

/** Whether an error is one of ours that AWS's own code stands behind. */
export function hasAwsCode(error: unknown, code: RegExp): error is GennakerError {
  if (!(error instanceof GennakerError)) return false;
  const { awsCode } = error.details;
  return typeof awsCode === 'string' && code.test(awsCode);
}
