import { Body, Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  clusterPathSchema,
  rollbackAnswerSchema,
  rollbackBodySchema,
  rollbackPlanAnswerSchema,
  rollbackPlanBodySchema,
} from '@gennaker/contract';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

import { executionPath } from '../executions/execution-links.js';
import {
  Documents,
  TakesBody,
  TakesIdempotencyKey,
  TakesOptionalBody,
} from '../openapi/api-docs.js';
import { IdempotencyKey } from '../problem/idempotency-key.js';
import { RollbackService } from './rollback-service.js';

@ApiTags('clusters')
@Controller('v1/applications/:application/clusters/:account/:region/:cluster/rollback')
export class RollbacksController {
  constructor(@Inject(RollbackService) private readonly rollbacks: RollbackService) {}

  @Post()
  @HttpCode(202)
  @TakesBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Roll a cluster back',
    description:
      'Brings an earlier server group back into traffic, grown to what serves and healthy in every zone, then takes what ' +
      'serves out of it. While an execution is at work on the cluster, that one is cancelled, and its undo is the rollback. ' +
      '404 when the server group is gone, 409 when something else serves than was expected.',
    status: 202,
    answer: rollbackAnswerSchema,
    answered:
      'Accepted: Location names the execution to watch. The same key again gives the same answer.',
  })
  async rollback(
    @Param({ schema: clusterPathSchema }) cluster: z.output<typeof clusterPathSchema>,
    @Body({ schema: rollbackBodySchema }) body: z.output<typeof rollbackBodySchema>,
    @IdempotencyKey() key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const by = body.by ?? 'anonymous';
    const accepted = await this.rollbacks.rollback({ cluster, body, by, key });
    void reply.header('location', executionPath(accepted.executionId));
    return accepted;
  }

  @Post('plan')
  @HttpCode(200)
  @TakesOptionalBody()
  @Documents({
    summary: 'Show what a rollback would do',
    description:
      'On live data, by the code that plans it when it runs. Nothing is stored or changed.',
    status: 200,
    answer: rollbackPlanAnswerSchema,
    answered: 'The plan, or the execution that would be cancelled.',
  })
  plan(
    @Param({ schema: clusterPathSchema }) cluster: z.output<typeof clusterPathSchema>,
    @Body({ schema: rollbackPlanBodySchema }) body: z.output<typeof rollbackPlanBodySchema>,
  ) {
    return this.rollbacks.plan(cluster, body);
  }
}
