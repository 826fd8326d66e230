import type { RefreshPreferences, RefreshRestoreState } from '@gennaker/domain';
import { z } from 'zod';

import { capacitySchema } from './cluster-view.js';
import { jsonSchema } from './common.js';

/** How an instance refresh goes about it. */
export const refreshPreferencesSchema = z
  .object({
    minHealthyPercent: z.int(),
    maxHealthyPercent: z.int(),
    instanceWarmupSeconds: z.int().nullable(),
    checkpointPercents: z.array(z.int()),
    checkpointDelaySeconds: z.int().nullable(),
    bakeSeconds: z.int(),
    alarms: z.array(z.string()),
    autoRollback: z.boolean(),
    skipMatching: z.boolean(),
  })
  .meta({
    id: 'RefreshPreferences',
    description: 'How an instance refresh goes about it.',
  }) satisfies z.ZodType<RefreshPreferences>;

/** What a server group was like before its instances were replaced in place. */
export const refreshRestoreSchema = z
  .object({
    arn: z.string(),
    capacity: capacitySchema,
    suspendedProcesses: z.array(z.string()),
    instancesInService: z.int(),
    launch: z.object({
      launchTemplateId: z.string(),
      version: z.string(),
      specified: z.string(),
      latestVersion: z.string(),
      imageId: z.string().nullable(),
      madeBy: z.object({ executionId: z.string(), stage: z.string() }).nullable(),
      mixedInstancesPolicy: z.record(z.string(), jsonSchema).nullable(),
    }),
    runningVersions: z.record(z.string(), z.int()),
  })
  .meta({
    id: 'RefreshRestore',
    description: 'What a server group was like before its instances were replaced in place.',
  }) satisfies z.ZodType<RefreshRestoreState>;
