import { cancelIntents, type ExecutionState } from '@gennaker/domain';
import { z } from 'zod';

import { attemptSchema } from './attempt-view.js';
import { resolutionSchema } from './attention.js';
import { actionSchema, linksSchema, nextCursorSchema, statusSchema, timeSchema } from './common.js';

const cancelSchema = z
  .object({
    requestId: z.string(),
    bodyHash: z.string(),
    by: z.string(),
    reason: z.string(),
    intent: z.enum(cancelIntents),
    steps: z.array(z.string()),
    finishes: z.array(z.string()).exactOptional(),
    latestEnd: timeSchema,
    finishedDeploys: z.array(actionSchema).exactOptional(),
  })
  .meta({ id: 'AcceptedCancel' });

const acceptedResolutionSchema = z
  .object({
    requestId: z.string(),
    bodyHash: z.string(),
    resolution: resolutionSchema,
    by: z.string(),
    reason: z.string(),
    steps: z.array(z.string()),
    latestEnd: timeSchema,
  })
  .meta({ id: 'AcceptedResolution', description: 'A way out of NEEDS_ATTENTION, who and why.' });

const acceptedRetrySchema = z
  .object({
    requestId: z.string(),
    bodyHash: z.string(),
    by: z.string(),
    reason: z.string(),
    acceptedServerGroup: z.string().nullable(),
    refId: z.string(),
    attempt: z.int(),
  })
  .meta({ id: 'AcceptedRetry' });

const stageSchema = z
  .object({
    refId: z.string(),
    name: z.string(),
    type: z.string(),
    requisiteStageRefIds: z.array(z.string()),
    status: statusSchema,
    attempts: z.array(attemptSchema),
  })
  .meta({ id: 'Stage' });

const needsAttentionSchema = z
  .object({
    reason: z.string(),
    remaining: z.array(
      z.object({
        refId: z.string(),
        attempt: z.int(),
        title: z.string(),
        awsCommandLines: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'NeedsAttention', description: 'What a person must finish by hand.' });

const urgentSchema = z
  .object({ reason: z.string() })
  .meta({ id: 'UrgentStart', description: 'Its stages go to the head of the queues for locks.' });

const stateSchema = z.object({
  executionId: z.string(),
  application: z.string(),
  pipelineName: z.string(),
  pipelineVersion: z.int().nullable(),
  createdBy: z.string(),
  urgent: urgentSchema.exactOptional(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  status: statusSchema,
  needsAttention: needsAttentionSchema.nullable(),
  engineStalled: z.string().nullable(),
  cancel: cancelSchema.nullable(),
  stages: z.array(stageSchema),
  acceptedRetries: z.array(acceptedRetrySchema),
  acceptedCancels: z.array(cancelSchema),
  attentionResolutions: z.array(acceptedResolutionSchema).exactOptional(),
  resolving: z
    .object({
      resolution: resolutionSchema,
      endsAs: statusSchema,
      cancel: cancelSchema.nullable(),
    })
    .exactOptional()
    .meta({ description: 'The execution is open only for a way out of NEEDS_ATTENTION.' }),
  // The codes of error records grow from release to release: a reader must bear one that it does not know.
}) satisfies z.ZodType<Omit<ExecutionState, 'stages'>>;

/** The fold of an execution's events up to `position`, and what can be done about it now. */
export const executionAnswerSchema = stateSchema
  .extend({
    position: z.int().meta({
      description: 'Position of the last event in it: follow the stream from here.',
    }),
    actions: z.array(actionSchema),
    links: linksSchema,
  })
  .meta({ id: 'Execution' });

export interface ExecutionAnswer extends ExecutionState {
  readonly position: number;
  readonly actions: readonly z.output<typeof actionSchema>[];
  readonly links: z.output<typeof linksSchema>;
}

/** One row of the list of executions. */
export const executionRowSchema = z
  .object({
    executionId: z.string(),
    application: z.string(),
    pipelineName: z.string(),
    pipelineVersion: z.int().nullable(),
    createdBy: z.string(),
    status: statusSchema,
    needsAttention: z.string().nullable().meta({ description: 'Why a person must look.' }),
    createdAt: timeSchema,
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
    links: linksSchema,
  })
  .meta({ id: 'ExecutionRow' });

export const executionListSchema = z
  .object({
    executions: z.array(executionRowSchema).meta({ description: 'Newest first.' }),
    nextCursor: nextCursorSchema,
  })
  .meta({ id: 'ExecutionList' });

export type ExecutionList = z.output<typeof executionListSchema>;

/** The `data` of one server-sent event; its `id` is the position. */
export const storedEventSchema = z
  .object({
    key: z.string(),
    at: timeSchema,
    position: z.int(),
    generation: z.int(),
    event: z.looseObject({
      kind: z.string(),
      refId: z.string().exactOptional(),
      attempt: z.int().exactOptional(),
    }),
  })
  .meta({ id: 'ExecutionEvent' });
