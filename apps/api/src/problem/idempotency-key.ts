import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { idempotencyKeySchema } from '@gennaker/contract';
import { newExecutionId } from '@gennaker/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { RequestRefused } from './request-refused.js';
import { schemaFaults } from './schema-faults.js';

const idempotencyKeyHeader = 'idempotency-key';

/**
 * The request's Idempotency-Key, or a new one when it gives none. The answer names it either way, so that a caller can
 * repeat the request without doing it twice. Throws INVALID_REQUEST.
 */
export const IdempotencyKey = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const http = context.switchToHttp();
  const given = http.getRequest<FastifyRequest>().headers[idempotencyKeyHeader];
  const parsed = idempotencyKeySchema.safeParse(given ?? newExecutionId());
  if (!parsed.success) {
    const faults = schemaFaults(parsed.error.issues, 'header', [idempotencyKeyHeader]);
    throw new RequestRefused('INVALID_REQUEST', 'The Idempotency-Key cannot be used; see errors.', {
      faults,
    });
  }
  http.getResponse<FastifyReply>().header(idempotencyKeyHeader, parsed.data);
  return parsed.data;
});
