import type { DeployPlan } from '@gennaker/domain';
import { z } from 'zod';

import { pipelineBounds } from '../pipeline-schema.js';
import { weightedFields } from '../blue-green-schema.js';
import { linksSchema, reasonSchema, timeSchema, whoSchema } from './common.js';
import { deployPlanSchema } from './deploy-plan-view.js';

const serverGroupText = z.string().min(1).max(255);

const rollbackShape = {
  toServerGroup: serverGroupText.exactOptional().meta({
    description:
      'The server group that comes back, whoever made it. Absent: the source that the last successful deploy recorded.',
  }),
  targetHealthyPercent: z.int().min(1).max(100).exactOptional().meta({
    description: 'Share of it that must be healthy before anything is switched. Default 100.',
  }),
  zoneFloorPercent: z.int().min(0).max(100).exactOptional().meta({
    description:
      'Share of what serves in a zone that it must have healthy there before. Default 90; 0: zones do not count.',
  }),
  acceptWeights: weightedFields.acceptWeights.meta({
    description:
      'Weights that somebody else has written since, and that may be written over, in the words in which a refusal names them.',
  }),
  timeoutSeconds: z.int().min(1).max(pipelineBounds.timeoutSecondsMax).exactOptional().meta({
    description: 'From its start to the beginning of its undo. Default 7200.',
  }),
} as const;

/** Body of `POST …/clusters/{account}/{region}/{cluster}/rollback`. */
export const rollbackBodySchema = z
  .strictObject({
    ...rollbackShape,
    expectedServing: serverGroupText.meta({
      description: 'The server group that the caller believes serves; another one is 409.',
    }),
    reason: reasonSchema.min(1),
    by: whoSchema.exactOptional(),
  })
  .meta({ id: 'RollbackCluster' });

export type RollbackBody = z.output<typeof rollbackBodySchema>;

/** Body of `POST …/rollback/plan`. */
export const rollbackPlanBodySchema = z
  .strictObject({
    ...rollbackShape,
    expectedServing: serverGroupText.exactOptional(),
    reason: reasonSchema.exactOptional(),
    by: whoSchema.exactOptional(),
  })
  .meta({ id: 'PlanRollback' });

export type RollbackPlanBody = z.output<typeof rollbackPlanBodySchema>;

const outcomeSchema = z.enum(['started', 'cancelled']).meta({
  description:
    'started: an execution of its own. cancelled: an execution that holds the cluster is cancelled with the intent ' +
    'rollback, and its undo is the rollback.',
});

export const rollbackAnswerSchema = z
  .object({
    outcome: outcomeSchema,
    executionId: z.string().meta({ description: 'The execution to watch, either way.' }),
    serverGroup: z
      .string()
      .nullable()
      .meta({ description: 'What serves once it has ended well; null: what served before.' }),
    message: z.string(),
    steps: z.array(z.string()).meta({ description: 'What is done, in order.' }),
    latestEnd: timeSchema.nullable().meta({ description: 'When a cancel is over at the latest.' }),
    links: linksSchema,
  })
  .meta({ id: 'RollbackAccepted' });

export type RollbackAnswer = z.output<typeof rollbackAnswerSchema>;

/** What a rollback would do now, by the same code. */
export const rollbackPlanAnswerSchema = z
  .object({
    outcome: outcomeSchema,
    executionId: z
      .string()
      .nullable()
      .meta({ description: 'Of the execution that would be cancelled.' }),
    steps: z.array(z.string()).meta({ description: 'What would be done, in order.' }),
    plan: deployPlanSchema
      .nullable()
      .meta({ description: 'Null where an execution would be cancelled.' }),
  })
  .meta({ id: 'RollbackPlan' });

export interface RollbackPlanAnswer {
  readonly outcome: RollbackAnswer['outcome'];
  readonly executionId: string | null;
  readonly steps: readonly string[];
  readonly plan: DeployPlan | null;
}
