import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { GennakerError } from '@gennaker/domain';
import type { FastifyRequest } from 'fastify';

import { StartState } from './start-state.js';

/** Routes that need no store, or that tell how the start goes. */
const open = [/^\/health\//, /^\/v1\/executions\/[^/]+\/cancel$/];

/** Refuses what needs the store until the schema is there. */
@Injectable()
export class StartGate implements CanActivate {
  constructor(@Inject(StartState) private readonly state: StartState) {}

  canActivate(context: ExecutionContext): boolean {
    const { url } = context.switchToHttp().getRequest<FastifyRequest>();
    const path = url.split('?')[0] ?? url;
    if (this.state.started || open.some((pattern) => pattern.test(path))) return true;
    throw new GennakerError(
      'SERVICE_UNAVAILABLE',
      'The API is starting: it waits for PostgreSQL and Temporal. /health/ready says what is missing.',
    );
  }
}
