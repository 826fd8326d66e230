import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { attemptPathSchema, evidenceAnswerSchema } from '@gennaker/contract';
import type { z } from 'zod';

import { Documents } from '../openapi/api-docs.js';
import { EvidenceReader } from './evidence-reader.js';

@ApiTags('executions')
@Controller('v1/executions')
export class EvidenceController {
  constructor(@Inject(EvidenceReader) private readonly reader: EvidenceReader) {}

  @Get(':id/stages/:refId/attempts/:attempt/evidence')
  @Documents({
    summary: 'Read what was kept of a server group that failed',
    description:
      'Read from AWS before the group was destroyed: how its targets stood, by reason, and the end of the console output of ' +
      'up to three instances that were not healthy, which may contain secrets. 404 where nothing was kept.',
    status: 200,
    answer: evidenceAnswerSchema,
    answered: 'As it was kept with the attempt.',
  })
  read(@Param({ schema: attemptPathSchema }) path: z.output<typeof attemptPathSchema>) {
    return this.reader.read(path);
  }
}
