import type { PlannedCarriedOver } from '@gennaker/domain';
import { z } from 'zod';

import { jsonSchema } from './common.js';

const membersSchema = z.record(z.string(), jsonSchema).meta({
  id: 'AwsMembers',
  description: "Members of an AWS request under AWS's own names, as the source has them.",
});

const alarmActionSchema = z.union([
  z.object({ policy: z.string() }).meta({ description: 'A policy of the new server group.' }),
  z.object({ arn: z.string() }).meta({ description: 'What the original alarm acts on, too.' }),
]);

const alarmSchema = z
  .object({
    name: z.string(),
    copiedFrom: z.string(),
    members: membersSchema,
    actions: z.object({
      alarm: z.array(alarmActionSchema),
      ok: z.array(alarmActionSchema),
      insufficientData: z.array(alarmActionSchema),
    }),
    tags: z.record(z.string(), z.string()),
  })
  .meta({ id: 'PlannedAlarm', description: 'A new alarm, copied from one of the source.' });

const scheduledActionSchema = z
  .object({
    name: z.string(),
    recurrence: z.string().nullable(),
    timeZone: z.string().nullable(),
    startAt: z.string().nullable().meta({ description: 'When it acts next.' }),
    endAt: z.string().nullable(),
    min: z.int().nullable(),
    max: z.int().nullable(),
    desired: z.int().nullable(),
  })
  .meta({ id: 'ScheduledAction' });

const scalingSchema = z
  .object({
    policies: z.array(z.object({ name: z.string(), type: z.string(), members: membersSchema })),
    alarms: z.array(alarmSchema),
    scheduledActions: z.array(scheduledActionSchema),
    warmPool: membersSchema.nullable(),
  })
  .meta({
    id: 'PlannedScaling',
    description: 'What moves the size of the new server group: attached once it is healthy.',
  });

/** What the new server group gets from the source besides its launch template. */
export const carriedOverSchema = z
  .object({
    members: membersSchema,
    mixedInstances: z
      .object({ distribution: membersSchema, overrides: z.array(membersSchema) })
      .nullable(),
    lifecycleHooks: z.array(
      z.object({ name: z.string(), transition: z.string(), members: membersSchema }),
    ),
    notifications: z.array(z.object({ topicArn: z.string(), types: z.array(z.string()) })),
    enabledMetrics: z.array(z.string()),
    scaling: scalingSchema,
  })
  .meta({
    id: 'CarriedOver',
    description: 'What the new server group gets from the source besides its launch template.',
  }) satisfies z.ZodType<PlannedCarriedOver>;
