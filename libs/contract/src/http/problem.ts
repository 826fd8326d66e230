import { errorCodes, type ErrorCode, type JsonObject } from '@gennaker/domain';
import { z } from 'zod';

import { jsonSchema } from './common.js';

/** Faults that only exist between a client and the HTTP door, beside the stable error codes. */
export const httpFaultCodes = [
  'MALFORMED_BODY',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'BAD_HTTP',
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'TOO_MANY_WATCHERS',
] as const;

export type HttpFaultCode = (typeof httpFaultCodes)[number];
export type ProblemCode = ErrorCode | HttpFaultCode;

/** The one table from code to HTTP status. */
export const problemStatus: Readonly<Record<ProblemCode, number>> = {
  MALFORMED_BODY: 400,
  BAD_HTTP: 400,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  TOO_MANY_WATCHERS: 503,
  INVALID_REQUEST: 422,
  PIPELINE_NOT_FOUND: 404,
  EXECUTION_NOT_FOUND: 404,
  STAGE_NOT_FOUND: 404,
  EVIDENCE_NOT_FOUND: 404,
  IDEMPOTENCY_KEY_REUSED: 422,
  STAGE_NOT_RETRYABLE: 409,
  STALE_ATTEMPT: 409,
  CLUSTER_MOVED_ON: 409,
  SERVER_GROUP_NOT_FOUND: 404,
  ROLLBACK_IN_PROGRESS: 409,
  EXECUTION_COMPLETE: 409,
  EXECUTION_CANCELING: 409,
  SUPERSEDED: 503,
  OUTCOME_UNKNOWN: 504,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL: 500,
  ACCOUNT_NOT_FOUND: 404,
  AWS_DENIED: 502,
  AWS_INVALID: 502,
  AWS_QUOTA: 502,
  AWS_CONFLICT: 502,
  AWS_NOT_FOUND: 502,
  AWS_THROTTLED: 503,
  AWS_UNAVAILABLE: 502,
  NAME_CONFLICT: 409,
  NOT_CARRIED_OVER: 409,
  IMAGE_NOT_FOUND: 409,
  SOURCE_NOT_FOUND: 409,
  LAUNCH_FAILED: 409,
  INSTANCE_REFRESH_FAILED: 409,
  STAGE_TIMEOUT: 409,
  SUBJECT_VANISHED: 409,
  CHANGED_BY_SOMEONE_ELSE: 409,
  TRAFFIC_GUARD: 409,
  PRECONDITION_FAILED: 409,
  JUDGMENT_NOT_AWAITED: 409,
  ALARM_RAISED: 409,
  CANARY_FAILED: 409,
  CANARY_INCONCLUSIVE: 409,
  JUDGED_STOP: 409,
  LEASE_LOST: 503,
  ATTENTION_NOT_NEEDED: 409,
  UNDO_NOT_REPAIRED: 409,
  UNDO_STUCK: 409,
};

const httpFaultTitles: Readonly<Record<HttpFaultCode, string>> = {
  MALFORMED_BODY: 'The body cannot be read.',
  BODY_TOO_LARGE: 'The body is too large.',
  UNSUPPORTED_MEDIA_TYPE: 'The body is neither JSON nor YAML.',
  BAD_HTTP: 'The request is not well-formed HTTP.',
  ROUTE_NOT_FOUND: 'There is nothing at this path.',
  METHOD_NOT_ALLOWED: 'The path does not take this method.',
  TOO_MANY_WATCHERS: 'Too many event streams are open.',
};

/** The sentence that a problem of this code has as its title; it never changes with the occurrence. */
export function problemTitle(code: ProblemCode): string {
  const titles: Readonly<Record<string, string | undefined>> = httpFaultTitles;
  const rows: Readonly<Record<string, { readonly meaning: string } | undefined>> = errorCodes;
  return titles[code] ?? rows[code]?.meaning ?? code;
}

/** The relative URL that a problem of this code has as its type. */
export function problemType(code: ProblemCode): string {
  return `/problems/${code.toLowerCase().replaceAll('_', '-')}`;
}

/** Where in the request a fault is. */
export const faultPlaces = ['body', 'path', 'query', 'header'] as const;
export type FaultPlace = (typeof faultPlaces)[number];

const problemFaultSchema = z
  .object({
    in: z.enum(faultPlaces).meta({ description: 'The part of the request that is wrong.' }),
    pointer: z.string().meta({
      description: 'JSON pointer (RFC 6901) to the value; empty for the whole of the part.',
    }),
    detail: z.string().meta({ description: 'What was expected there.' }),
  })
  .meta({ id: 'ProblemFault' });

/** RFC 9457 problem details, with our stable code, every fault, and the facts of the error. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'A relative URL, one for each code.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What was attempted, what was found, what to do.' }),
    instance: z.string().meta({ description: 'The path that was asked for.' }),
    code: z.enum([...httpFaultCodes, ...(Object.keys(errorCodes) as ErrorCode[])]),
    errors: z.array(problemFaultSchema).exactOptional(),
    errorsLeftOut: z.int().exactOptional().meta({ description: 'Faults beyond the first 100.' }),
    details: z
      .record(z.string(), jsonSchema)
      .exactOptional()
      .meta({ description: 'Facts of the error, such as the server group that got in the way.' }),
    executionId: z.string().exactOptional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });

export interface Problem extends Omit<z.output<typeof problemSchema>, 'details'> {
  readonly details?: JsonObject;
}

export type ProblemFault = z.output<typeof problemFaultSchema>;
