import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  pipelineAnswerSchema,
  pipelineListQuerySchema,
  pipelineListSchema,
  pipelinePathSchema,
  pipelineVersionQuerySchema,
  savedPipelineSchema,
  saveQuerySchema,
  validAnswerSchema,
} from '@gennaker/contract';
import type { Pipeline } from '@gennaker/domain';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

import { Documents, TakesBody, TakesIdempotencyKey } from '../openapi/api-docs.js';
import { IdempotencyKey } from '../problem/idempotency-key.js';
import { definitionSchema } from './definition-schema.js';
import { pipelinePath } from './links.js';
import { PipelineService } from './pipeline-service.js';

@ApiTags('pipelines')
@Controller('v1/pipelines')
export class PipelinesController {
  constructor(@Inject(PipelineService) private readonly service: PipelineService) {}

  @Post()
  @HttpCode(201)
  @TakesBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Save a pipeline',
    description:
      'Each save is a new version; the newest is the one that runs unless another is asked for.',
    status: 201,
    answer: savedPipelineSchema,
    answered: 'Saved. Location names the version.',
  })
  async save(
    @Body({ schema: definitionSchema }) pipeline: Pipeline,
    @Query({ schema: saveQuerySchema }) { by }: z.output<typeof saveQuerySchema>,
    @IdempotencyKey() key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const saved = await this.service.save({ pipeline, savedBy: by ?? 'anonymous', key });
    void reply.header('location', pipelinePath(saved.application, saved.name, saved.version));
    return saved;
  }

  @Post('validate')
  @HttpCode(200)
  @TakesBody()
  @Documents({
    summary: 'Check a pipeline without saving it',
    description: 'Every fault of shape and graph is named at once, each with a JSON pointer.',
    status: 200,
    answer: validAnswerSchema,
    answered: 'Nothing is wrong with it.',
  })
  validate(@Body({ schema: definitionSchema }) _pipeline: Pipeline) {
    return { valid: true as const };
  }

  @Get()
  @Documents({
    summary: 'List pipelines',
    description: 'The newest version of each, in the order of application and name.',
    status: 200,
    answer: pipelineListSchema,
    answered: 'One page.',
  })
  list(
    @Query({ schema: pipelineListQuerySchema }) query: z.output<typeof pipelineListQuerySchema>,
  ) {
    return this.service.list(query);
  }

  @Get(':application/:name')
  @Documents({
    summary: 'Read a pipeline',
    status: 200,
    answer: pipelineAnswerSchema,
    answered: 'The newest version, or the one asked for.',
  })
  read(
    @Param({ schema: pipelinePathSchema }) name: z.output<typeof pipelinePathSchema>,
    @Query({ schema: pipelineVersionQuerySchema })
    { version }: z.output<typeof pipelineVersionQuerySchema>,
  ) {
    return this.service.read(name, version);
  }
}
