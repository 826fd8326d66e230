import type { AttemptState, StageSummary } from '@gennaker/domain';
import { z } from 'zod';

import { capacitySchema } from './cluster-view.js';
import { actionSchema, errorRecordSchema, jsonSchema, statusSchema, timeSchema } from './common.js';
import { deployPlanSchema, guardSchema } from './deploy-plan-view.js';
import { evidenceSummarySchema } from './evidence.js';
import { refreshPreferencesSchema, refreshRestoreSchema } from './refresh-view.js';
import { ruleChangeFields, ruleRefSchema, weightGuardsSchema } from './rule-view.js';

const jsonObjectSchema = z.record(z.string(), jsonSchema);

const waitingForSchema = z
  .object({
    reason: z.enum(['lock', 'healthy', 'drained', 'gone', 'refresh', 'time', 'judgment', 'canary']),
    message: z.string(),
    done: z.number().nullable(),
    wanted: z.number().nullable(),
    nextLookAt: timeSchema.nullable(),
    deadline: timeSchema.nullable(),
    actions: z.array(actionSchema).exactOptional(),
  })
  .meta({ id: 'WaitingFor', description: 'What a stage waits for, how far it is, until when.' });

const scalingActivitySchema = z
  .object({
    at: timeSchema,
    status: z.string(),
    description: z.string(),
    message: z.string().nullable(),
  })
  .meta({ id: 'ScalingActivity' });

const servingWeightSchema = z.object({
  rule: z.string(),
  targetGroup: z.string(),
  weight: z.int(),
  percent: z.number(),
});

const servingSchema = z.object({
  observedAt: timeSchema,
  serverGroups: z.array(
    z.object({
      serverGroup: z.string(),
      enabled: z.boolean(),
      healthy: z.int(),
      wanted: z.int(),
      healthyByZone: z.record(z.string(), z.int()),
      weights: z.array(servingWeightSchema).nullable().exactOptional().meta({
        description:
          'In the rules that divide requests among several target groups; absent where none does, null where they could not be read.',
      }),
    }),
  ),
});

const summarySchema = z
  .object({
    failed: z.object({
      message: z.string(),
      call: z.string().nullable(),
      requestId: z.string().nullable(),
    }),
    scalingActivities: z.array(scalingActivitySchema),
    evidence: evidenceSummarySchema.extend({ href: z.string() }).exactOptional(),
    serving: servingSchema.nullable(),
    undone: z.array(z.string()),
    notUndone: z.array(z.string()),
    actions: z.array(actionSchema),
  })
  .meta({
    id: 'StageSummary',
    description: 'What failed, what serves now, what was undone, what can be done.',
  }) satisfies z.ZodType<StageSummary>;

const stepSchema = z
  .object({
    stepId: z.string(),
    operation: z.string(),
    title: z.string(),
    status: statusSchema,
    startedAt: timeSchema,
    endedAt: timeSchema.nullable(),
    outputs: jsonObjectSchema,
    error: errorRecordSchema.nullable(),
  })
  .meta({ id: 'Step' });

const analysisSchema = z
  .object({
    analysisId: z.string(),
    stepId: z.string(),
    outcome: z.enum(['pass', 'inconclusive', 'fail']),
    reason: z.string(),
    from: timeSchema,
    minutes: z.int(),
    score: z.number().nullable(),
  })
  .meta({
    id: 'Analysis',
    description: 'A canary analysis in short; /analyses has the whole report.',
  });

const judgmentSchema = z
  .object({
    judgmentId: z.string(),
    instructions: z.string(),
    inputs: z.array(z.string()),
    deadline: timeSchema,
    given: z
      .object({
        requestId: z.string(),
        bodyHash: z.string(),
        decision: z.enum(['continue', 'stop']),
        input: z.string().nullable(),
        by: z.string(),
        reason: z.string(),
      })
      .nullable(),
  })
  .meta({ id: 'Judgment', description: 'What a person was asked, and the answer.' });

const restoreSchema = z.object({
  capacity: capacitySchema,
  suspendedProcesses: z.array(z.string()),
  targetGroupArns: z.array(z.string()),
  registered: z.record(z.string(), z.array(z.string())),
  instancesInService: z.int(),
  owner: z.object({ executionId: z.string(), stage: z.string() }).nullable(),
});

const targetedSchema = z
  .object({
    serverGroup: z.string(),
    arn: z.string(),
    capacity: capacitySchema,
    enabled: z.boolean(),
    suspendedProcesses: z.array(z.string()),
    instancesInService: z.int(),
    owner: z.object({ executionId: z.string(), stage: z.string() }).nullable(),
    besides: z.string().nullable(),
  })
  .meta({ id: 'TargetedServerGroup', description: 'The server group of a stage as it was found.' });

const undoEntryBase = {
  id: z.string(),
  title: z.string(),
  subject: z.object({ account: z.string(), region: z.string(), serverGroup: z.string() }),
};

const tagStatesSchema = z
  .record(z.string(), z.object({ value: z.string(), propagateAtLaunch: z.boolean() }).nullable())
  .meta({ description: 'Tags by key; null: there is none.' });

const undoSchema = z
  .object({
    entry: z.discriminatedUnion('operation', [
      z.object({
        ...undoEntryBase,
        operation: z.literal('destroyServerGroup'),
        weightless: z.array(z.string()).exactOptional(),
        alarmNames: z.array(z.string()).exactOptional(),
        keepOnFailure: z.literal(true).exactOptional(),
      }),
      z.object({
        ...undoEntryBase,
        operation: z.literal('enableServerGroup'),
        restore: restoreSchema,
        covers: z.array(z.string()).exactOptional(),
        unlessGone: z.boolean().exactOptional(),
      }),
      z.object({
        ...undoEntryBase,
        operation: z.literal('deleteTargetGroup'),
        targetGroupName: z.string(),
      }),
      z.object({
        ...undoEntryBase,
        operation: z.literal('restoreCapacity'),
        arn: z.string().nullable(),
        recorded: capacitySchema,
        written: capacitySchema,
        instancesHealthyMin: z.int(),
      }),
      z.object({
        ...undoEntryBase,
        operation: z.literal('restoreProcesses'),
        arn: z.string().nullable(),
        suspend: z.array(z.string()),
        resume: z.array(z.string()),
      }),
      z.object({
        ...undoEntryBase,
        operation: z.literal('restoreTags'),
        arn: z.string().nullable(),
        recorded: tagStatesSchema,
        written: tagStatesSchema,
      }),
      z.object({
        ...undoEntryBase,
        operation: z.literal('restoreServerGroup'),
        arn: z.string(),
        restore: restoreSchema,
        guard: guardSchema.nullable(),
        weightless: z.array(z.string()).exactOptional(),
      }),
      z.object({
        ...undoEntryBase,
        operation: z.literal('unpinServerGroup'),
        arn: z.string().nullable(),
        recorded: capacitySchema,
        pinnedMin: z.int(),
      }),
      z.object({
        ...undoEntryBase,
        ...ruleChangeFields,
        operation: z.literal('setRuleWeights'),
        rule: ruleRefSchema,
        guards: weightGuardsSchema,
      }),
      z.object({
        ...undoEntryBase,
        operation: z.literal('rollbackInstanceRefresh'),
        restore: refreshRestoreSchema,
        versionOperationKey: z.string(),
        preferences: refreshPreferencesSchema,
        secondsMax: z.int(),
      }),
    ]),
    status: z.enum(['pending', 'done', 'failed', 'dropped']),
    error: errorRecordSchema.nullable(),
    note: z.string().exactOptional(),
  })
  .meta({ id: 'Undo', description: 'One thing to undo, recorded before its step started.' });

/** One attempt of a stage; it never changes once it has ended. */
export const attemptSchema = z
  .object({
    attempt: z.int(),
    status: statusSchema,
    startedAt: timeSchema,
    endedAt: timeSchema.nullable(),
    deadline: timeSchema,
    waitingFor: waitingForSchema.nullable(),
    plan: deployPlanSchema.nullable(),
    steps: z.array(stepSchema),
    targeted: targetedSchema.exactOptional(),
    analyses: z.array(analysisSchema).exactOptional(),
    judgments: z.array(judgmentSchema).exactOptional(),
    lockGranted: z.boolean(),
    undoing: z
      .object({
        cause: z.enum(['failure', 'timeout', 'cancel']),
        error: errorRecordSchema.nullable(),
        scalingActivities: z.array(scalingActivitySchema),
        evidence: evidenceSummarySchema.exactOptional(),
      })
      .nullable(),
    undo: z.array(undoSchema),
    outputs: jsonObjectSchema,
    error: errorRecordSchema.nullable(),
    summary: summarySchema.nullable(),
  })
  .meta({ id: 'Attempt' }) satisfies z.ZodType<AttemptShape>;

/** An error record's code is one of a list that grows: a reader must bear one that it does not know. */
type AttemptShape = Omit<AttemptState, 'error' | 'steps' | 'undo' | 'undoing'>;
