import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** Media types of a body. */
const bodyTypes = ['application/json', 'application/yaml', 'text/yaml'];

interface Documented {
  readonly summary: string;
  readonly description?: string;
  readonly answer: z.ZodType;
  readonly status: number;
  /** What the answer means. */
  readonly answered: string;
}

/** Documents a route: what it does and what it answers; problems are the same for all and added to the document. */
export function Documents({ summary, description, answer, status, answered }: Documented) {
  return applyDecorators(
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ApiResponse({ status, description: answered, standardSchema: answer }),
  );
}

/** Documents a body that may be JSON or YAML. Its schema comes from the parameter. */
export function TakesBody() {
  return ApiConsumes(...bodyTypes);
}

/** As {@link TakesBody}, for a body that may be left out. */
export function TakesOptionalBody() {
  return applyDecorators(ApiConsumes(...bodyTypes), ApiBody({ required: false }));
}

/** Documents the Idempotency-Key of an acting request. */
export function TakesIdempotencyKey() {
  return ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      '1 to 128 printable ASCII characters. The same key with the same request gives the same answer and acts once; ' +
      'with another request it is 422. Without one a key is made, and the answer names it.',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  });
}
