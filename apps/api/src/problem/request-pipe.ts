import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { FaultPlace } from '@gennaker/contract';

import { RequestRefused } from './request-refused.js';
import { schemaFaults } from './schema-faults.js';

const places: Readonly<Record<ArgumentMetadata['type'], FaultPlace>> = {
  body: 'body',
  query: 'query',
  param: 'path',
  custom: 'header',
};

/** Gives a handler what its parameter's schema makes of the request; throws INVALID_REQUEST with every fault. */
@Injectable()
export class RequestPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { schema, type } = metadata;
    if (schema === undefined) return value;
    const result = await schema['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    const place = places[type];
    throw new RequestRefused(
      'INVALID_REQUEST',
      `The ${place} of the request does not have the documented shape; see errors.`,
      { faults: schemaFaults(result.issues, place) },
    );
  }
}
