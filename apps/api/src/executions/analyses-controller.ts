import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  analysesAsText,
  analysisListQuerySchema,
  analysisListSchema,
  executionPathSchema,
} from '@gennaker/contract';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

import { Documents } from '../openapi/api-docs.js';
import { AnalysisReader } from './analysis-reader.js';

@ApiTags('executions')
@Controller('v1/executions')
export class AnalysesController {
  constructor(@Inject(AnalysisReader) private readonly reader: AnalysisReader) {}

  @Get(':id/analyses')
  @Documents({
    summary: 'Read the canary analyses of an execution',
    description:
      'Each with its whole report: the gate, the arms, and per metric both series, the test, the verdict and the reason. ' +
      '`format=text` gives them as Markdown for people.',
    status: 200,
    answer: analysisListSchema,
    answered: 'One page, newest first; empty where none was made.',
  })
  async list(
    @Param({ schema: executionPathSchema }) { id }: z.output<typeof executionPathSchema>,
    @Query({ schema: analysisListQuerySchema }) query: z.output<typeof analysisListQuerySchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { format = 'json', ...page } = query;
    const answer = await this.reader.list(id, page);
    if (format === 'json') return answer;
    void reply.type('text/markdown; charset=utf-8');
    return analysesAsText(answer.analyses);
  }
}
