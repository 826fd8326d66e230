import { cancelIntents } from '@gennaker/domain';
import { z } from 'zod';

import {
  actionSchema,
  cursorSchema,
  httpBounds,
  linksSchema,
  queryInt,
  reasonSchema,
  statusSchema,
  timeSchema,
  whoSchema,
} from './common.js';

/** Body of `POST /v1/pipelines/{application}/{name}/executions`. */
export const startBodySchema = z
  .strictObject({
    version: z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .exactOptional()
      .meta({ description: 'Absent: the newest.' }),
    by: whoSchema.exactOptional(),
    urgent: z.strictObject({ reason: reasonSchema }).exactOptional().meta({
      description:
        'Its stages go to the head of the queue for a lock, never past its holder, and say why.',
    }),
  })
  .meta({ id: 'StartExecution' });

/** Query of `POST /v1/executions`, whose body is a pipeline definition. */
export const startInlineQuerySchema = z.strictObject({
  by: whoSchema.exactOptional(),
  urgentReason: reasonSchema.exactOptional().meta({
    description: 'Makes the execution urgent: its stages go to the head of the queue for a lock.',
  }),
});

export const acceptedExecutionSchema = z
  .object({
    executionId: z.string(),
    application: z.string(),
    pipelineName: z.string(),
    pipelineVersion: z.int().nullable(),
    links: linksSchema,
  })
  .meta({ id: 'AcceptedExecution' });

export type AcceptedExecution = z.output<typeof acceptedExecutionSchema>;

/** An id that is no ULID is the id of no execution: 404, not 422. */
export const executionPathSchema = z.object({ id: z.string() });

export const stagePathSchema = z.object({ id: z.string(), refId: z.string() });

/** Body of a retry. */
export const retryBodySchema = z
  .strictObject({
    expectedAttempt: z
      .int()
      .min(1)
      .exactOptional()
      .meta({ description: 'The attempt that the caller has seen; another one is 409.' }),
    by: whoSchema.exactOptional(),
    reason: reasonSchema.exactOptional(),
    acceptClusterMovedOn: z.string().min(1).max(255).exactOptional().meta({
      description: 'The server group that was deployed since and may be deployed over, by name.',
    }),
  })
  .meta({ id: 'RetryStage' });

export const retryAnswerSchema = z
  .object({
    executionId: z.string(),
    refId: z.string(),
    attempt: z.int().meta({ description: 'The attempt that the retry makes.' }),
    links: linksSchema,
  })
  .meta({ id: 'RetryAccepted' });

export type RetryAnswer = z.output<typeof retryAnswerSchema>;

/** Body of a judgment. */
export const judgeBodySchema = z
  .strictObject({
    decision: z.enum(['continue', 'stop']).meta({
      description:
        'continue: the stage goes on. stop: it ends TERMINAL and what it changed is undone.',
    }),
    input: z
      .string()
      .min(1)
      .max(256)
      .exactOptional()
      .meta({ description: 'One of the choices that the stage offers.' }),
    judgmentId: z.string().min(1).max(128).exactOptional().meta({
      description: 'The question that the caller has seen; another one is 409.',
    }),
    by: whoSchema.exactOptional(),
    reason: reasonSchema.exactOptional(),
  })
  .meta({ id: 'JudgeStage' });

export const judgeAnswerSchema = z
  .object({
    executionId: z.string(),
    refId: z.string(),
    attempt: z.int(),
    judgmentId: z.string(),
    decision: z.enum(['continue', 'stop']),
    input: z.string().nullable(),
    by: z.string(),
    reason: z.string(),
    links: linksSchema,
  })
  .meta({ id: 'JudgmentGiven' });

export type JudgeAnswer = z.output<typeof judgeAnswerSchema>;

/** Body of a cancel. */
export const cancelBodySchema = z
  .strictObject({
    intent: z
      .enum(cancelIntents)
      .default('rollback')
      .meta({
        description:
          'rollback: undo what unfinished stages changed. stop: end at once and leave things as they are, named. finishStep: ' +
          'the same after the step in progress; one that fails is undone.',
      }),
    by: whoSchema.exactOptional(),
    reason: reasonSchema.exactOptional(),
  })
  .meta({ id: 'CancelExecution' });

export const cancelAnswerSchema = z
  .object({
    executionId: z.string(),
    intent: z.enum(cancelIntents),
    steps: z.array(z.string()).meta({ description: 'What will be undone, in order.' }),
    finishes: z
      .array(z.string())
      .exactOptional()
      .meta({ description: 'With finishStep: the steps in progress that are let end.' }),
    latestEnd: timeSchema.meta({ description: 'When it is over at the latest.' }),
    finishedDeploys: z
      .array(actionSchema)
      .meta({ description: 'Deploys that are finished stay: how to take each back.' }),
    links: linksSchema,
  })
  .meta({ id: 'CancelAccepted' });

export type CancelAnswer = z.output<typeof cancelAnswerSchema>;

/** Query of `GET /v1/executions`. */
export const executionListQuerySchema = z.strictObject({
  application: z.string().min(1).max(64).exactOptional(),
  pipeline: z.string().min(1).max(100).exactOptional(),
  status: statusSchema.exactOptional(),
  limit: queryInt(1, httpBounds.pageSizeMax).exactOptional(),
  cursor: cursorSchema.exactOptional(),
});

/** Query of the event stream. `after` is for clients that cannot set `Last-Event-ID`. */
export const eventsQuerySchema = z.strictObject({
  after: queryInt(0, Number.MAX_SAFE_INTEGER).exactOptional(),
});
