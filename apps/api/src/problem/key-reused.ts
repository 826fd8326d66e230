import { GennakerError } from '@gennaker/domain';

/** The refusal of a key that stands for another request. */
export function keyReused(): GennakerError {
  return new GennakerError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used for another request. Use a new key for a new request.',
  );
}
