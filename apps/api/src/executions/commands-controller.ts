import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  cancelAnswerSchema,
  cancelBodySchema,
  executionPathSchema,
  judgeAnswerSchema,
  judgeBodySchema,
  retryAnswerSchema,
  retryBodySchema,
  stagePathSchema,
} from '@gennaker/contract';
import type { z } from 'zod';

import {
  Documents,
  TakesBody,
  TakesIdempotencyKey,
  TakesOptionalBody,
} from '../openapi/api-docs.js';
import { IdempotencyKey } from '../problem/idempotency-key.js';
import { CancelService } from './cancel-service.js';
import { JudgmentService } from './judgment-service.js';
import { RetryService } from './retry-service.js';

@ApiTags('executions')
@Controller('v1/executions')
export class CommandsController {
  constructor(
    @Inject(RetryService) private readonly retries: RetryService,
    @Inject(CancelService) private readonly cancels: CancelService,
    @Inject(JudgmentService) private readonly judgments: JudgmentService,
  ) {}

  @Post(':id/stages/:refId/retry')
  @HttpCode(202)
  @TakesOptionalBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Retry one stage',
    description:
      'Makes the next attempt of a failed or cancelled stage and runs the stages after it again, while the execution ' +
      'runs and after it has ended. 409 when the stage cannot be retried, has moved on, or its cluster has.',
    status: 202,
    answer: retryAnswerSchema,
    answered: 'Accepted. The same key again gives the same answer.',
  })
  retry(
    @Param({ schema: stagePathSchema }) { id, refId }: z.output<typeof stagePathSchema>,
    @Body({ schema: retryBodySchema }) body: z.output<typeof retryBodySchema>,
    @IdempotencyKey() key: string,
  ) {
    const { by = 'anonymous', reason = '', ...rest } = body;
    return this.retries.retry({ executionId: id, refId, key, by, reason, ...rest });
  }

  @Post(':id/stages/:refId/judge')
  @HttpCode(200)
  @TakesBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Judge a stage that waits for a person',
    description:
      'Answers at once. 409 when the stage waits for no judgment or was judged already; 422 when the input is not one of ' +
      'the choices.',
    status: 200,
    answer: judgeAnswerSchema,
    answered: 'Recorded. The same key again gives the same answer.',
  })
  judge(
    @Param({ schema: stagePathSchema }) { id, refId }: z.output<typeof stagePathSchema>,
    @Body({ schema: judgeBodySchema }) body: z.output<typeof judgeBodySchema>,
    @IdempotencyKey() key: string,
  ) {
    const { by = 'anonymous', reason = '', ...rest } = body;
    return this.judgments.judge({ executionId: id, refId, key, by, reason, ...rest });
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @TakesOptionalBody()
  @TakesIdempotencyKey()
  @Documents({
    summary: 'Cancel an execution',
    description:
      'rollback undoes what unfinished stages changed; stop ends at once, in the middle of a step if need be, and leaves ' +
      'things as they are; finishStep lets the step in progress finish and be verified, begins no other, and leaves things ' +
      'as they are then. A step that fails meanwhile, or does not end by its stage’s deadline, is undone with its stage. The ' +
      'same intent again is the same answer. After finishStep come rollback and stop, after rollback stop, which ends the ' +
      'undo after the step in progress.',
    status: 202,
    answer: cancelAnswerSchema,
    answered: 'Accepted: what will be undone, and when it is over at the latest.',
  })
  cancel(
    @Param({ schema: executionPathSchema }) { id }: z.output<typeof executionPathSchema>,
    @Body({ schema: cancelBodySchema }) body: z.output<typeof cancelBodySchema>,
    @IdempotencyKey() key: string,
  ) {
    const { intent, by = 'anonymous', reason = '' } = body;
    return this.cancels.cancel({ executionId: id, intent, by, reason, key });
  }
}
