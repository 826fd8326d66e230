import { GennakerError } from '@gennaker/domain';

/** The limit itself if it is 1 to `max`. Throws INVALID_REQUEST. */
export function checkedLimit(limit: number, max: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= max) return limit;
  throw new GennakerError('INVALID_REQUEST', `A limit must be 1 to ${max}, not ${limit}.`, {
    details: { limit: Number.isFinite(limit) ? limit : String(limit), max },
  });
}
