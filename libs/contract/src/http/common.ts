import { executionStatuses, type ExecutionStatus, type Json } from '@gennaker/domain';
import { z } from 'zod';

/** Bounds of what the HTTP door accepts. */
export const httpBounds = {
  /** A body above this is refused with 413, in bytes. */
  bodyBytesMax: 256 * 1024,
  /** Nesting of arrays and objects in a body. */
  bodyDepthMax: 64,
  pageSizeDefault: 20,
  pageSizeMax: 100,
  idempotencyKeyLengthMax: 128,
  /** Problem details list at most so many faults. */
  faultsMax: 100,
} as const;

/** Text without control characters. */
const plainText = z.string().regex(/^[^\p{Cc}]*$/u, 'no control characters');

export const whoSchema = plainText
  .min(1)
  .max(128)
  .meta({ description: 'Who asks, as claimed: there is no authentication yet.' });

export const reasonSchema = plainText.max(1000).meta({ description: 'Why, for the record.' });

/** Any JSON value. */
export const jsonSchema: z.ZodType<Json> = z
  .lazy(() =>
    z.union([
      z.null(),
      z.boolean(),
      z.number(),
      z.string(),
      z.array(jsonSchema),
      z.record(z.string(), jsonSchema),
    ]),
  )
  .meta({ id: 'Json', description: 'Any JSON value.' });

export const timeSchema = z.string().meta({ description: 'ISO 8601, UTC.' });

export const statusSchema = z
  .enum(executionStatuses as readonly [ExecutionStatus, ...ExecutionStatus[]])
  .meta({ id: 'ExecutionStatus' });

/** 1 to 128 printable ASCII characters. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[!-~]([ -~]{0,126}[!-~])?$/, '1 to 128 printable ASCII characters');

export const errorRecordSchema = z
  .object({ code: z.string(), message: z.string(), details: z.record(z.string(), jsonSchema) })
  .meta({ id: 'ErrorRecord' });

export const actionSchema = z
  .object({
    label: z.string(),
    method: z.enum(['POST', 'GET']),
    href: z.string(),
    effect: z.string().meta({ description: 'What happens when it is done, in one sentence.' }),
    body: z
      .record(z.string(), jsonSchema)
      .exactOptional()
      .meta({ description: 'What to send, where something must be.' }),
  })
  .meta({ id: 'Action' });

export const linksSchema = z
  .record(z.string(), z.string())
  .meta({ id: 'Links', description: 'Related resources by name, as paths.' });

export const cursorSchema = z
  .string()
  .min(1)
  .max(400)
  .meta({ description: '`nextCursor` of the page before.' });

export const nextCursorSchema = z
  .string()
  .nullable()
  .meta({ description: 'Where the next page begins; null on the last one.' });

/** Reads a whole number from a query string. */
export function queryInt(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, `a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}
