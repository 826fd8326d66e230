import {
  httpBounds,
  problemStatus,
  problemTitle,
  problemType,
  type Problem,
  type ProblemCode,
} from '@gennaker/contract';
import { GennakerError } from '@gennaker/domain';
import { HttpException } from '@nestjs/common';

import { RequestRefused } from './request-refused.js';

/** A problem and the headers that go with it. */
export interface ProblemReply {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** Seconds after which a client may come back where a service is away and the error names no time. */
const retryAfterSecondsDefault = 5;

/** Any error as problem details (RFC 9457). What is no error of ours is INTERNAL and tells nothing of its inside. */
export function problemOf(error: unknown, instance: string): ProblemReply {
  const { code, message, faults, details, headers, executionId } = refusalOf(error);
  const status = problemStatus[code];
  const leftOut = Math.max(0, faults.length - httpBounds.faultsMax);
  const problem: Problem = {
    type: problemType(code),
    title: problemTitle(code),
    status,
    detail: message,
    instance,
    code,
    ...(faults.length === 0 ? {} : { errors: faults.slice(0, httpBounds.faultsMax) }),
    ...(leftOut === 0 ? {} : { errorsLeftOut: leftOut }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
    ...(executionId === undefined ? {} : { executionId }),
  };
  const waits = status === 503 ? { 'retry-after': String(retryAfterSecondsDefault) } : {};
  return { problem, headers: { ...waits, ...headers } };
}

function refusalOf(error: unknown): RequestRefused {
  if (error instanceof RequestRefused) return error;
  // What an INTERNAL error says names tables and hosts: it is for the log.
  if (error instanceof GennakerError && error.code !== 'INTERNAL') return ofGennakerError(error);
  const code = frameworkCode(error);
  if (code !== undefined) return new RequestRefused(code, frameworkDetail(code, error));
  return new RequestRefused(
    'INTERNAL',
    'Gennaker could not answer this request. It is in the log with its cause.',
  );
}

function ofGennakerError({ code, message, details, retryAfterSeconds }: GennakerError) {
  const headers =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) };
  return new RequestRefused(code, message, { details, headers });
}

/** Faults that Fastify and Nest find before a handler is reached. */
function frameworkCode(error: unknown): ProblemCode | undefined {
  const status = statusOf(error);
  if (status === undefined || status >= 500) return undefined;
  if (status === 413) return 'BODY_TOO_LARGE';
  if (status === 415) return 'UNSUPPORTED_MEDIA_TYPE';
  return status === 404 ? 'ROUTE_NOT_FOUND' : 'BAD_HTTP';
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function frameworkDetail(code: ProblemCode, error: unknown): string {
  if (code === 'UNSUPPORTED_MEDIA_TYPE') {
    return 'Send application/json, application/yaml or text/yaml, and say which in Content-Type.';
  }
  if (code === 'BODY_TOO_LARGE') {
    return `The body may have at most ${httpBounds.bodyBytesMax} bytes.`;
  }
  return error instanceof Error ? error.message : problemTitle(code);
}
