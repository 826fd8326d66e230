import type { ClusterView, LockQueue } from '@gennaker/domain';
import { z } from 'zod';

import { timeSchema } from './common.js';

export const capacitySchema = z
  .object({ min: z.int(), desired: z.int(), max: z.int() })
  .meta({ id: 'Capacity', description: 'Sizes of a server group, in instances.' });

const launchTemplateSchema = z
  .object({ launchTemplateId: z.string(), version: z.string() })
  .nullable()
  .exactOptional();

const instanceSchema = z
  .object({
    instanceId: z.string(),
    zone: z.string(),
    lifecycleState: z.string(),
    healthStatus: z.string(),
    targetHealth: z.array(
      z.object({
        targetGroupArn: z.string(),
        state: z.string(),
        reason: z.string().exactOptional(),
      }),
    ),
    health: z.enum(['Up', 'Down', 'Starting', 'OutOfService', 'Draining', 'Unknown']),
    launchTemplate: launchTemplateSchema.meta({
      description: 'What it was launched from; null: a launch configuration.',
    }),
    protectedFromScaleIn: z.boolean().exactOptional(),
  })
  .meta({ id: 'Instance' });

const ownerSchema = z
  .object({ executionId: z.string(), stage: z.string() })
  .nullable()
  .meta({ description: 'Who made it, from our tags; null for groups made by others.' });

const serverGroupSchema = z
  .object({
    name: z.string(),
    arn: z.string(),
    createdAt: timeSchema,
    capacity: capacitySchema,
    enabled: z.boolean(),
    deleting: z.boolean(),
    suspendedProcesses: z.array(z.string()),
    targetGroupArns: z.array(z.string()),
    imageId: z.string().nullable(),
    launchTemplate: launchTemplateSchema.meta({
      description:
        'What it launches from: a number, $Latest or $Default; null: a launch configuration.',
    }),
    instances: z.array(instanceSchema),
    owner: ownerSchema,
    keptUntil: z.string().exactOptional().meta({
      description:
        'Kept after its deploy had failed, until then: the first deploy after that destroys it; absent: it was not kept.',
    }),
  })
  .meta({ id: 'ServerGroup', description: 'One server group (Auto Scaling group) as AWS has it.' });

const lockClaimSchema = z
  .object({
    executionId: z.string(),
    claim: z.string(),
    ticket: z.string(),
    since: timeSchema,
  })
  .meta({ id: 'LockClaim' });

const lockSchema = z.object({
  holder: lockClaimSchema.nullable(),
  waiting: z.array(lockClaimSchema),
}) satisfies z.ZodType<LockQueue>;

const ruleLockSchema = lockSchema
  .extend({ ruleArn: z.string(), title: z.string() })
  .meta({ id: 'RuleLock' });

const clusterSchema = z.object({
  account: z.string(),
  region: z.string(),
  cluster: z.string(),
  observedAt: timeSchema,
  serverGroups: z.array(serverGroupSchema),
}) satisfies z.ZodType<ClusterView>;

/** A cluster as AWS has it now, and who holds or waits for its lock. */
export const clusterAnswerSchema = clusterSchema
  .extend({
    application: z.string(),
    lock: lockSchema.meta({ description: 'Who writes to the cluster now, and who waits in line.' }),
    ruleLocks: z.array(ruleLockSchema).meta({
      description:
        'Of every listener rule that the stages holding or awaiting the lock of the cluster switch: who writes to it, and ' +
        'who waits in line, of whatever cluster.',
    }),
  })
  .meta({ id: 'Cluster' });

export type ClusterAnswer = z.output<typeof clusterAnswerSchema>;

const pathText = z.string().min(1).max(255);

export const clusterPathSchema = z.object({
  application: pathText,
  account: pathText,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1'),
  cluster: pathText,
});
