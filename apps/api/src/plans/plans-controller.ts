import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { pipelinePathSchema, planAnswerSchema, planBodySchema } from '@gennaker/contract';
import type { Pipeline } from '@gennaker/domain';
import type { z } from 'zod';

import { Documents, TakesBody, TakesOptionalBody } from '../openapi/api-docs.js';
import { definitionSchema } from '../pipelines/definition-schema.js';
import { PipelineService } from '../pipelines/pipeline-service.js';
import { PlanService } from './plan-service.js';

@ApiTags('plans')
@Controller('v1')
export class PlansController {
  constructor(
    @Inject(PlanService) private readonly plans: PlanService,
    @Inject(PipelineService) private readonly pipelines: PipelineService,
  ) {}

  @Post('plan')
  @HttpCode(200)
  @TakesBody()
  @Documents({
    summary: 'Show what a pipeline would do',
    description:
      'The stage tree, and the plan of each deploy on live data. Nothing is stored or changed.',
    status: 200,
    answer: planAnswerSchema,
    answered: 'The plan.',
  })
  plan(@Body({ schema: definitionSchema }) pipeline: Pipeline) {
    return this.plans.plan(pipeline);
  }

  @Post('pipelines/:application/:name/plan')
  @HttpCode(200)
  @TakesOptionalBody()
  @Documents({
    summary: 'Show what a saved pipeline would do',
    status: 200,
    answer: planAnswerSchema,
    answered: 'The plan.',
  })
  async planSaved(
    @Param({ schema: pipelinePathSchema }) name: z.output<typeof pipelinePathSchema>,
    @Body({ schema: planBodySchema }) { version }: z.output<typeof planBodySchema>,
  ) {
    const { pipeline } = await this.pipelines.get(name, version);
    return this.plans.plan(pipeline);
  }
}
