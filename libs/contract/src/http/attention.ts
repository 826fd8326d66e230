import { z } from 'zod';

import { linksSchema, reasonSchema, timeSchema, whoSchema } from './common.js';

/** A way out of NEEDS_ATTENTION. */
export const resolutionSchema = z.enum(['retryUndo', 'repaired', 'handOver']);

/** Body of a retry of the undo. */
export const retryUndoBodySchema = z
  .strictObject({ by: whoSchema.exactOptional(), reason: reasonSchema.exactOptional() })
  .meta({ id: 'RetryUndo' });

/** Body of "it is repaired" and of "hand over as it is": both are answered for by a person. */
export const answeredForBodySchema = z
  .strictObject({ by: whoSchema, reason: reasonSchema.min(1) })
  .meta({ id: 'AnsweredFor', description: 'Who answers for it, and why.' });

export const resolutionAnswerSchema = z
  .object({
    executionId: z.string(),
    resolution: resolutionSchema,
    by: z.string(),
    reason: z.string(),
    steps: z.array(z.string()).meta({ description: 'What was left to undo, in order.' }),
    latestEnd: timeSchema.meta({ description: 'When it is over at the latest.' }),
    links: linksSchema,
  })
  .meta({ id: 'AttentionResolution' });

export type ResolutionAnswer = z.output<typeof resolutionAnswerSchema>;
