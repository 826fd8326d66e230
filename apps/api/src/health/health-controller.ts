import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { healthSchema, type Health } from '@gennaker/contract';
import type { FastifyReply } from 'fastify';

import { Documents } from '../openapi/api-docs.js';
import { Readiness } from './readiness.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  @Get('live')
  @Documents({
    summary: 'Whether the process lives',
    status: 200,
    answer: healthSchema,
    answered: 'It does.',
  })
  live(): Health {
    return { status: 'ok' };
  }

  @Get('ready')
  @Documents({
    summary: 'Whether requests can be served',
    status: 200,
    answer: healthSchema,
    answered: 'PostgreSQL with its schema, and Temporal, are there.',
  })
  @ApiResponse({
    status: 503,
    description: 'Something is missing; checks say what.',
    standardSchema: healthSchema,
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const health = await this.readiness.look();
    if (health.status !== 'ok') void reply.code(503);
    return health;
  }
}
