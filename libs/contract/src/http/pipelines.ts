import type { DeployPlan } from '@gennaker/domain';
import { z } from 'zod';

import { pipelineSchema } from '../pipeline-schema.js';
import {
  cursorSchema,
  httpBounds,
  linksSchema,
  nextCursorSchema,
  queryInt,
  timeSchema,
  whoSchema,
} from './common.js';
import { deployPlanSchema } from './deploy-plan-view.js';

export const pipelinePathSchema = z.object({
  application: z.string().min(1).max(64),
  name: z.string().min(1).max(100),
});

export const pipelineVersionQuerySchema = z.strictObject({
  version: queryInt(1, 2 ** 31 - 1).exactOptional(),
});

/** A definition as people write it, under the name that it has in the documentation. */
export const pipelineBodySchema = pipelineSchema.meta({
  id: 'Pipeline',
  description:
    'A pipeline definition. Its graph is checked as well: no cycles, no dangling references.',
});

export const saveQuerySchema = z.strictObject({ by: whoSchema.exactOptional() });

export const pipelineListQuerySchema = z.strictObject({
  application: z.string().min(1).max(64).exactOptional(),
  limit: queryInt(1, httpBounds.pageSizeMax).exactOptional(),
  cursor: cursorSchema.exactOptional(),
});

export const savedPipelineSchema = z
  .object({
    application: z.string(),
    name: z.string(),
    version: z.int(),
    savedBy: z.string(),
    savedAt: timeSchema,
    links: linksSchema,
  })
  .meta({ id: 'SavedPipeline' });

export type SavedPipelineAnswer = z.output<typeof savedPipelineSchema>;

export const pipelineAnswerSchema = savedPipelineSchema
  .extend({
    definition: z.looseObject({}).meta({ description: 'The definition, defaults filled in.' }),
  })
  .meta({ id: 'PipelineVersion' });

export type PipelineAnswer = z.output<typeof pipelineAnswerSchema>;

export const pipelineListSchema = z
  .object({ pipelines: z.array(savedPipelineSchema), nextCursor: nextCursorSchema })
  .meta({ id: 'PipelineList', description: 'The newest version of each pipeline.' });

export type PipelineList = z.output<typeof pipelineListSchema>;

export const validAnswerSchema = z.object({ valid: z.literal(true) }).meta({ id: 'ValidPipeline' });

const plannedStageSchema = z
  .object({
    refId: z.string(),
    name: z.string(),
    type: z.string(),
    requisiteStageRefIds: z.array(z.string()),
    layer: z.int().meta({ description: '0 for stages that can start at once.' }),
    tasks: z.array(z.string()).meta({ description: 'What the stage does, in order.' }),
    imageId: z.string().nullable().exactOptional().meta({
      description: 'Of a deploy; null when a stage that has not run finds the image.',
    }),
    plan: deployPlanSchema.nullable().exactOptional().meta({ description: 'Of a deploy.' }),
    planError: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .exactOptional()
      .meta({ description: 'Why the deploy cannot be planned now.' }),
  })
  .meta({ id: 'PlannedStage' });

/** The stage tree, and each deploy's plan on live data. */
export const planAnswerSchema = z
  .object({
    application: z.string(),
    name: z.string(),
    stages: z.array(plannedStageSchema),
  })
  .meta({ id: 'PipelinePlan' });

export interface PlannedStage extends Omit<
  z.output<typeof plannedStageSchema>,
  'plan' | 'tasks' | 'requisiteStageRefIds'
> {
  readonly requisiteStageRefIds: readonly string[];
  readonly tasks: readonly string[];
  readonly plan?: DeployPlan | null;
}

export interface PlanAnswer {
  readonly application: string;
  readonly name: string;
  readonly stages: readonly PlannedStage[];
}

/** Body of `POST /v1/pipelines/{application}/{name}/plan`. */
export const planBodySchema = z
  .strictObject({
    version: z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .exactOptional(),
  })
  .meta({ id: 'PlanPipeline' });
