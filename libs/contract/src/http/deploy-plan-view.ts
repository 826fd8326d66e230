import type { DeployPlan } from '@gennaker/domain';
import { z } from 'zod';

import { carriedOverSchema } from './carried-over-view.js';
import { canarySteps } from './canary-view.js';
import { capacitySchema } from './cluster-view.js';
import {
  plannedWeightsSchema,
  ruleChangeFields,
  ruleRefSchema,
  weightGuardsSchema,
  weightsSchema,
} from './rule-view.js';
import { refreshPreferencesSchema } from './refresh-view.js';

const serverGroupRefSchema = z.object({
  account: z.string(),
  region: z.string(),
  serverGroup: z.string(),
});

const stepBase = {
  id: z.string(),
  title: z.string(),
  subject: serverGroupRefSchema,
  teardown: z
    .literal(true)
    .exactOptional()
    .meta({ description: 'Comes after the verified switch: a failure of it fails nothing.' }),
};
export const guardSchema = z.object({
  serverGroup: z.string(),
  instancesHealthyMin: z.int(),
  coveringPercent: z.int().exactOptional(),
  zoneFloorPercent: z.int().exactOptional(),
});
const shareGuardSchema = z.object({
  serverGroup: z.string().nullable(),
  instancesTogetherMin: z.int(),
  coveringPercent: z.int().exactOptional(),
  zoneFloorPercent: z.int().exactOptional(),
});
const weightlessSchema = z.array(z.string()).meta({
  description: 'Target groups that no rule may send requests to.',
});
const zoneFloorSchema = z.object({ serverGroups: z.array(z.string()), percent: z.int() });

const launchTemplateSchema = z.object({
  clonedFrom: z.object({ launchTemplateId: z.string(), version: z.string() }).nullable(),
  instanceType: z.string().nullable(),
  securityGroupIds: z.array(z.string()).nullable(),
  keyName: z.string().nullable(),
  iamInstanceProfile: z.string().nullable(),
});

const targetSchema = z.object({
  serverGroup: z.string(),
  imageId: z.string(),
  capacity: capacitySchema,
  targetHealthyPercent: z.number(),
  subnetIds: z.array(z.string()),
  targetGroupArns: z.array(z.string()),
  suspendedProcesses: z.array(z.string()),
  healthCheckType: z.string(),
  healthCheckGraceSeconds: z.number(),
  cooldownSeconds: z.number(),
  terminationPolicies: z.array(z.string()),
  tags: z.array(z.object({ key: z.string(), value: z.string(), propagateAtLaunch: z.boolean() })),
  launchTemplate: launchTemplateSchema,
  carriedOver: carriedOverSchema.exactOptional(),
  expiresAt: z.string().exactOptional(),
});

const stepSchema = z
  .discriminatedUnion('operation', [
    z.object({
      ...stepBase,
      operation: z.literal('createServerGroup'),
      keepOnFailure: z.literal(true).exactOptional(),
      weightless: weightlessSchema.exactOptional(),
      temporary: targetSchema.exactOptional(),
    }),
    z.object({
      ...stepBase,
      ...canarySteps.createTargetGroup,
      operation: z.literal('createTargetGroup'),
    }),
    z.object({ ...stepBase, operation: z.literal('beginCanaryStep') }),
    z.object({ ...stepBase, ...canarySteps.watchCanary, operation: z.literal('watchCanary') }),
    z.object({ ...stepBase, ...canarySteps.analyseCanary, operation: z.literal('analyseCanary') }),
    z.object({ ...stepBase, ...canarySteps.awaitApproval, operation: z.literal('awaitApproval') }),
    z.object({ ...stepBase, ...canarySteps.undoEarly, operation: z.literal('undoEarly') }),
    z.object({
      ...stepBase,
      operation: z.literal('resizeServerGroup'),
      capacity: capacitySchema,
    }),
    z.object({
      ...stepBase,
      operation: z.literal('pinServerGroup'),
      arn: z.string(),
      instancesMin: z.int(),
      recorded: capacitySchema,
    }),
    z.object({
      ...stepBase,
      operation: z.literal('unpinServerGroup'),
      arn: z.string().nullable(),
      recorded: capacitySchema,
      pinnedMin: z.int(),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('awaitHealthy'),
      instancesHealthyMin: z.int(),
      zoneFloor: zoneFloorSchema.exactOptional(),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('matchServerGroup'),
      others: z.array(z.string()),
      instancesHealthyMin: z.int(),
      targetHealthyPercent: z.int(),
      zoneFloor: zoneFloorSchema,
    }),
    z.object({
      ...stepBase,
      operation: z.literal('attachScaling'),
      holds: z.array(z.string()),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('releaseScaling'),
      resumes: z.array(z.string()),
    }),
    z.object({ ...stepBase, operation: z.literal('awaitNoInstanceRefresh') }),
    z.object({
      ...stepBase,
      operation: z.literal('createLaunchTemplateVersion'),
      launchTemplateId: z.string(),
      imageId: z.string(),
      instanceType: z.string().nullable(),
      copyOf: z.string().exactOptional(),
      undo: z.object({ preferences: refreshPreferencesSchema, secondsMax: z.int() }),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('startInstanceRefresh'),
      preferences: refreshPreferencesSchema,
    }),
    z.object({
      ...stepBase,
      operation: z.literal('awaitInstanceRefresh'),
      arn: z.string(),
      instancesFloor: z.int(),
    }),
    z.object({ ...stepBase, operation: z.literal('delay'), delaySeconds: z.int() }),
    z.object({
      ...stepBase,
      operation: z.literal('enableServerGroup'),
      arn: z.string(),
      capacity: capacitySchema,
      suspendedProcesses: z.array(z.string()),
      undoGuard: guardSchema.nullable(),
      weightless: weightlessSchema.exactOptional(),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('watchAlarms'),
      alarms: z.array(z.string()),
      watchSeconds: z.int(),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('disableServerGroup'),
      guard: guardSchema.nullable(),
      weightless: weightlessSchema.exactOptional(),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('disableServerGroupShare'),
      arn: z.string(),
      percent: z.int(),
      guard: shareGuardSchema,
    }),
    z.object({
      ...stepBase,
      operation: z.literal('setRuleWeights'),
      rule: ruleRefSchema,
      change: z.object(ruleChangeFields),
      guards: weightGuardsSchema,
      undo: z
        .object({
          title: z.string(),
          change: z.object(ruleChangeFields),
          guards: weightGuardsSchema,
        })
        .nullable(),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('verifyRuleWeights'),
      rule: ruleRefSchema,
      change: z.object(ruleChangeFields),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('recordWeights'),
      arn: z.string().nullable(),
      weights: z.array(z.object({ ruleArn: z.string(), weights: weightsSchema })),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('keepWarm'),
      arn: z.string(),
      warmSeconds: z.int(),
      instancesMin: z.int(),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('verifyDeploy'),
      instancesHealthyMin: z.int(),
    }),
    z.object({
      ...stepBase,
      operation: z.literal('scaleDownServerGroup'),
      arn: z.string(),
      capacity: capacitySchema,
      guard: guardSchema,
    }),
    z.object({
      ...stepBase,
      operation: z.literal('destroyServerGroup'),
      arn: z.string(),
      owner: z.object({ executionId: z.string(), stage: z.string() }).nullable(),
      guard: guardSchema,
    }),
  ])
  .meta({ id: 'DeployPlanStep' });

const endStateSchema = z
  .object({
    serverGroups: z.array(
      z.object({
        serverGroup: z.string(),
        state: z.enum(['enabled', 'disabled', 'gone']),
        capacity: capacitySchema.nullable(),
        imageId: z.string().nullable().exactOptional().meta({
          description:
            'The image that all its instances run; absent: as it was, or the new group’s.',
        }),
        mayBeGone: z.literal(true).exactOptional().meta({
          description: 'It may be gone by then: a destruction cannot be undone, a cancel destroys.',
        }),
      }),
    ),
  })
  .meta({ id: 'DeployEndState', description: 'What is not named here is as it was.' });

const promiseSchema = z
  .object({
    instancesServingMin: z
      .int()
      .meta({ description: 'Healthy instances that take traffic at every moment, at least.' }),
    succeeded: endStateSchema,
    undone: endStateSchema,
  })
  .meta({ id: 'DeployPromise', description: 'What holds all the time, and how the deploy ends.' });

/** What a deploy will do, step by step, computed on live data. */
export const deployPlanSchema = z
  .object({
    planVersion: z.union([z.literal(1), z.literal(2)]),
    strategy: z.enum([
      'none',
      'redBlack',
      'rollingRedBlack',
      'rolling',
      'blueGreen',
      'canary',
      'rollback',
    ]),
    cluster: z.object({ account: z.string(), region: z.string(), cluster: z.string() }),
    source: z
      .object({ serverGroup: z.string(), arn: z.string(), imageId: z.string().nullable() })
      .nullable(),
    target: targetSchema,
    disables: z.array(z.string()),
    destroys: z
      .array(z.string())
      .exactOptional()
      .meta({ description: 'Server groups that are destroyed, in this order; absent: none.' }),
    observedServerGroups: z.array(z.string()),
    steps: z.array(stepSchema),
    weights: plannedWeightsSchema.exactOptional(),
    promise: promiseSchema.exactOptional(),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'DeployPlan' }) satisfies z.ZodType<DeployPlan>;
