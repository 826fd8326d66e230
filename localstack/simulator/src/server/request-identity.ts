import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../wire/aws-error.js';

/** What a request's signature says about its sender. */
export interface RequestIdentity {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const CREDENTIAL = /Credential=([^/\s,]+)\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request/;

/** Reads the credential scope of a signature (Signature Version 4); the signature itself is not verified. */
export function readIdentity(headers: IncomingHttpHeaders): RequestIdentity {
  const [, accessKeyId, region, service] = CREDENTIAL.exec(headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new AwsError(
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
      403,
    );
  }
  return { accessKeyId, region, service };
}

/** The SDK's own numbering: one id for a send, and which attempt of it this request is. */
export function readInvocation(headers: IncomingHttpHeaders): {
  readonly invocationId: string | undefined;
  readonly attempt: number;
} {
  const id = headers['amz-sdk-invocation-id'];
  const [, attempt = '1'] = /attempt=(\d+)/.exec(String(headers['amz-sdk-request'] ?? '')) ?? [];
  return { invocationId: typeof id === 'string' ? id : undefined, attempt: Number(attempt) };
}
