/**
 * A refusal as AWS words it: the code that goes over the wire, a sentence, and the HTTP status.
 * Throwing one undoes everything that the call had changed.
 */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** The generic refusal of Auto Scaling, ELBv2 and STS (AWS common errors: `ValidationError`, 400). */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
