import { AwsError } from './aws-error.js';

/** What LocalStack answers for an operation that it does not have. */
export function notThere(message: string): AwsError {
  return new AwsError('InternalFailure', message, 501);
}
