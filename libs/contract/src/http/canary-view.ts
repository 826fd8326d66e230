import { z } from 'zod';

import { ruleRefSchema } from './rule-view.js';

const comparison = {
  since: z.string().meta({ description: 'Id of the step that noted when the weights held.' }),
  rules: z.array(ruleRefSchema),
  arms: z.array(
    z.object({
      role: z.enum(['control', 'experiment', 'other']),
      name: z.string(),
      targetGroupArn: z.string().meta({
        description: '`made:targetgroup/…`: of the one that an earlier step makes.',
      }),
      plannedWeight: z.number(),
    }),
  ),
};

const heldSchema = z
  .object({ everyMinutes: z.int(), analysesMax: z.int() })
  .meta({ description: 'It is analysed on while a person is asked; absent: it is not.' });

/** Steps that only a canary has, apart from the temporary server groups. */
export const canarySteps = {
  createTargetGroup: {
    targetGroupName: z.string(),
    copyOf: z.string(),
    expiresAt: z.string(),
  },
  watchCanary: {
    ...comparison,
    requestsWanted: z.int().nullable(),
    minutesMax: z.int(),
    analyseEveryMinutes: z.int().nullable(),
    alarms: z.array(z.string()),
  },
  analyseCanary: {
    ...comparison,
    onInconclusive: z.enum(['hold', 'rollback']),
    alarms: z.array(z.string()).exactOptional(),
    held: heldSchema.exactOptional(),
  },
  awaitApproval: {
    since: comparison.since.exactOptional(),
    rules: comparison.rules.exactOptional(),
    arms: comparison.arms.exactOptional(),
    instructions: z.string(),
    alarms: z.array(z.string()).exactOptional(),
    held: heldSchema.exactOptional(),
  },
  undoEarly: { entryIds: z.array(z.string()) },
} as const;
