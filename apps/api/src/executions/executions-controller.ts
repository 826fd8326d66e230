import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  acceptedExecutionSchema,
  executionAnswerSchema,
  executionListQuerySchema,
  executionListSchema,
  executionPathSchema,
  pipelinePathSchema,
  startBodySchema,
  startInlineQuerySchema,
} from '@gennaker/contract';
import type { Pipeline } from '@gennaker/domain';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

import {
  Documents,
  TakesBody,
  TakesIdempotencyKey,
  TakesOptionalBody,
} from '../openapi/api-docs.js';
import { definitionSchema } from '../pipelines/definition-schema.js';
import { IdempotencyKey } from '../problem/idempotency-key.js';
import { executionPath } from './execution-links.js';
import { ExecutionReader } from './execution-reader.js';
import { StartService } from './start-service.js';

@ApiTags('executions')
@Controller('v1')
export class ExecutionsController {
  constructor(
    @Inject(StartService) private readonly starts: StartService,
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
  ) {}

  @Post('pipelines/:application/:name/executions')
  @HttpCode(202)
  @TakesOptionalBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Run a saved pipeline',
    status: 202,
    answer: acceptedExecutionSchema,
    answered: 'Temporal has accepted the run. Location names the execution.',
  })
  async startSaved(
    @Param({ schema: pipelinePathSchema }) name: z.output<typeof pipelinePathSchema>,
    @Body({ schema: startBodySchema }) body: z.output<typeof startBodySchema>,
    @IdempotencyKey() key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const accepted = await this.starts.startSaved({
      ...name,
      ...body,
      by: body.by ?? 'anonymous',
      key,
    });
    void reply.header('location', executionPath(accepted.executionId));
    return accepted;
  }

  @Post('executions')
  @HttpCode(202)
  @TakesBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Run a pipeline that is not saved',
    description: 'The body is the definition itself, as for saving it.',
    status: 202,
    answer: acceptedExecutionSchema,
    answered: 'Temporal has accepted the run. Location names the execution.',
  })
  async startInline(
    @Body({ schema: definitionSchema }) pipeline: Pipeline,
    @Query({ schema: startInlineQuerySchema }) query: z.output<typeof startInlineQuerySchema>,
    @IdempotencyKey() key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { by = 'anonymous', urgentReason: reason } = query;
    const hurry = reason === undefined ? {} : { urgent: { reason } };
    const accepted = await this.starts.startInline({ pipeline, by, key, ...hurry });
    void reply.header('location', executionPath(accepted.executionId));
    return accepted;
  }

  @Get('executions')
  @Documents({
    summary: 'List executions',
    status: 200,
    answer: executionListSchema,
    answered: 'One page, newest first.',
  })
  list(
    @Query({ schema: executionListQuerySchema }) query: z.output<typeof executionListQuerySchema>,
  ) {
    return this.reader.list(query);
  }

  @Get('executions/:id')
  @Documents({
    summary: 'Read an execution',
    description:
      'The fold of its events, with every attempt of every stage, and what can be done now.',
    status: 200,
    answer: executionAnswerSchema,
    answered: 'The execution as of its position.',
  })
  read(@Param({ schema: executionPathSchema }) { id }: z.output<typeof executionPathSchema>) {
    return this.reader.read(id);
  }
}
