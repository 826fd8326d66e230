import type { EvidenceSummary, FailureEvidence } from '@gennaker/domain';
import { z } from 'zod';

import { linksSchema, timeSchema } from './common.js';

const consoleFields = {
  instanceId: z.string(),
  zone: z.string(),
  lifecycleState: z.string(),
  at: timeSchema.nullable(),
  isWhole: z.boolean().meta({ description: 'False: there was more before it.' }),
};

const evidenceFields = {
  serverGroup: z.string(),
  observedAt: timeSchema,
  targetHealth: z.array(
    z
      .object({
        targetGroupArn: z.string(),
        state: z.string(),
        reason: z.string().nullable(),
        description: z.string().nullable(),
        instances: z.int(),
        examples: z.array(z.string()),
      })
      .meta({
        id: 'TargetHealthRow',
        description: 'Targets of one state, reason and description.',
      }),
  ),
  unread: z.array(z.string()).meta({ description: 'What could not be read, and why.' }),
};

/** What was kept of a failed server group, without the texts of the consoles. */
export const evidenceSummarySchema = z
  .object({
    ...evidenceFields,
    consoles: z.array(z.object({ ...consoleFields, characters: z.int() })),
  })
  .meta({ id: 'EvidenceSummary' }) satisfies z.ZodType<EvidenceSummary>;

/** The whole of it. */
export const evidenceSchema = z
  .object({
    ...evidenceFields,
    consoles: z.array(z.object({ ...consoleFields, text: z.string() })).meta({
      description: 'The last 4 KiB of what instances wrote to their console. May contain secrets.',
    }),
  })
  .meta({ id: 'FailureEvidence' }) satisfies z.ZodType<FailureEvidence>;

export const attemptPathSchema = z.object({
  id: z.string(),
  refId: z.string(),
  attempt: z.coerce.number().int().min(1).max(1_000_000),
});

export const evidenceAnswerSchema = evidenceSchema
  .extend({
    executionId: z.string(),
    refId: z.string(),
    attempt: z.int(),
    position: z.int().meta({ description: 'Of the event that it is kept in.' }),
    links: linksSchema,
  })
  .meta({ id: 'AttemptEvidence' });

export type EvidenceAnswer = z.output<typeof evidenceAnswerSchema>;
