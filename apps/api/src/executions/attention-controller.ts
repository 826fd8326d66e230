import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  answeredForBodySchema,
  executionPathSchema,
  resolutionAnswerSchema,
  retryUndoBodySchema,
} from '@gennaker/contract';
import type { z } from 'zod';

import {
  Documents,
  TakesBody,
  TakesIdempotencyKey,
  TakesOptionalBody,
} from '../openapi/api-docs.js';
import { IdempotencyKey } from '../problem/idempotency-key.js';
import { AttentionService } from './attention-service.js';

const answered = 'Accepted. The same key again gives the same answer.';

/** The ways out of NEEDS_ATTENTION: until one of them is taken the execution keeps the locks of what it left. */
@ApiTags('executions')
@Controller('v1/executions/:id/attention')
export class AttentionController {
  constructor(@Inject(AttentionService) private readonly attention: AttentionService) {}

  @Post('retry-undo')
  @HttpCode(202)
  @TakesOptionalBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Undo what is left once more',
    description:
      'Deploys nothing. What can be undone now is, and its locks are given back; what cannot keeps the execution in need of ' +
      'attention. A cancel with intent stop ends it after the step in progress. 409 where nothing is left, or it still runs.',
    status: 202,
    answer: resolutionAnswerSchema,
    answered,
  })
  retryUndo(
    @Param({ schema: executionPathSchema }) { id }: z.output<typeof executionPathSchema>,
    @Body({ schema: retryUndoBodySchema }) body: z.output<typeof retryUndoBodySchema>,
    @IdempotencyKey() key: string,
  ) {
    const { by = 'anonymous', reason = '' } = body;
    return this.attention.resolve({ executionId: id, resolution: 'retryUndo', by, reason, key });
  }

  @Post('repaired')
  @HttpCode(202)
  @TakesBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Say that what was left is repaired',
    description:
      'AWS is read and compared with what the undo was to bring back. Where it is so the locks are given back; else 409 ' +
      'UNDO_NOT_REPAIRED lists what differs, by resource, and nothing changes.',
    status: 202,
    answer: resolutionAnswerSchema,
    answered,
  })
  repaired(
    @Param({ schema: executionPathSchema }) { id }: z.output<typeof executionPathSchema>,
    @Body({ schema: answeredForBodySchema }) { by, reason }: z.output<typeof answeredForBodySchema>,
    @IdempotencyKey() key: string,
  ) {
    return this.attention.resolve({ executionId: id, resolution: 'repaired', by, reason, key });
  }

  @Post('hand-over')
  @HttpCode(202)
  @TakesBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Hand over as it is',
    description:
      'Leaves everything as it is and gives the locks back: what was left to undo is nobody’s of Gennaker any more. Who and ' +
      'why are kept with the execution.',
    status: 202,
    answer: resolutionAnswerSchema,
    answered,
  })
  handOver(
    @Param({ schema: executionPathSchema }) { id }: z.output<typeof executionPathSchema>,
    @Body({ schema: answeredForBodySchema }) { by, reason }: z.output<typeof answeredForBodySchema>,
    @IdempotencyKey() key: string,
  ) {
    return this.attention.resolve({ executionId: id, resolution: 'handOver', by, reason, key });
  }
}
