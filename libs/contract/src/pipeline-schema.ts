import {
  comparisonOperators,
  keepingStrategies,
  parseServerGroupName,
  type Pipeline,
} from '@gennaker/domain';
import { z } from 'zod';

import { blueGreenFaults, blueGreenSchema, weightedFields } from './blue-green-schema.js';
import { canarySchema, canaryTooLong } from './canary-strategy-schema.js';
import { redBlackSchema, rollingRedBlackSchema } from './red-black-schema.js';
import { keptByRolling, rollingSchema } from './rolling-schema.js';
import {
  destroyServerGroupSchema,
  disableServerGroupSchema,
  enableServerGroupSchema,
  pinServerGroupSchema,
  resizeServerGroupSchema,
  resumeProcessesSchema,
  suspendProcessesSchema,
  tagServerGroupSchema,
  unpinServerGroupSchema,
} from './server-group-stage-schemas.js';
import {
  accountName,
  defaultTimeoutSeconds,
  pipelineBounds,
  refId,
  regionName,
  stageBase,
  suspendableProcesses,
  timeout,
} from './stage-parts.js';

export { defaultTimeoutSeconds, pipelineBounds } from './stage-parts.js';

const applicationName = z
  .string()
  .regex(/^[A-Za-z0-9._]{1,64}$/, 'letters, digits, "." and "_", at most 64 (Frigga)');
const detailName = z
  .string()
  .regex(/^[A-Za-z0-9._~^-]{1,64}$/, 'letters, digits, ".", "_", "-", "~" and "^", at most 64')
  .refine((detail) => !/(^|-)v\d{3,6}$/.test(detail), 'must not look like a version (-v012)');
const serverGroupName = z.string().min(1).max(255);
const imageIdText = z
  .string()
  .regex(/^ami-[0-9a-f]{8,17}$/, 'an image id such as ami-0123456789abcdef0');

const capacitySchema = z
  .strictObject({
    min: z.int().min(0).max(pipelineBounds.instancesMax),
    desired: z.int().min(0).max(pipelineBounds.instancesMax),
    max: z.int().min(0).max(pipelineBounds.instancesMax),
  })
  .refine(
    (capacity) => capacity.min <= capacity.desired && capacity.desired <= capacity.max,
    'min <= desired <= max must hold',
  );

const findImageSchema = z
  .strictObject({
    ...stageBase,
    type: z.literal('findImage'),
    timeoutSeconds: timeout(defaultTimeoutSeconds.findImage),
    account: accountName,
    region: regionName,
    owners: z
      .array(
        z.union([
          z.literal('self'),
          z.string().regex(/^\d{12}$/, '"self" or a 12-digit account id'),
        ]),
      )
      .min(1)
      .max(10)
      .default(['self']),
    imageName: z.string().min(3).max(128).exactOptional(),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).exactOptional(),
  })
  .refine((stage) => stage.imageName !== undefined || Object.keys(stage.tags ?? {}).length > 0, {
    error: 'give imageName, or at least one tag',
    path: ['imageName'],
  });

const launchSchema = z.strictObject({
  instanceType: z.string().min(1).max(64),
  subnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]+$/))
    .min(1)
    .max(20),
  securityGroupIds: z
    .array(z.string().regex(/^sg-[0-9a-f]+$/))
    .max(16)
    .default([]),
  targetGroupArns: z.array(z.string().startsWith('arn:')).max(50).default([]),
  keyName: z.string().min(1).max(255).exactOptional(),
  iamInstanceProfile: z.string().min(1).max(255).exactOptional(),
  healthCheckType: z.enum(['EC2', 'ELB']).default('EC2'),
});

const deploySchema = z
  .strictObject({
    ...stageBase,
    type: z.literal('deploy'),
    timeoutSeconds: timeout(defaultTimeoutSeconds.deploy),
    account: accountName,
    region: regionName,
    stack: applicationName.exactOptional(),
    detail: detailName.exactOptional(),
    image: z.union([
      z.strictObject({ imageId: imageIdText }),
      z.strictObject({ fromStage: refId }),
    ]),
    strategy: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('none') }),
      redBlackSchema,
      rollingRedBlackSchema,
      rollingSchema,
      blueGreenSchema,
      canarySchema,
    ]),
    capacity: capacitySchema.exactOptional(),
    instanceType: z.string().min(1).max(64).exactOptional(),
    suspendedProcesses: z.array(z.enum(suspendableProcesses)).max(7).exactOptional(),
    targetHealthyPercent: z.int().min(1).max(100).default(100),
    zoneFloorPercent: z.int().min(0).max(100).exactOptional(),
    healthCheckGraceSeconds: z.int().min(0).max(7200).exactOptional(),
    acceptNotCopied: z.array(z.string().min(1).max(128)).max(50).default([]),
    onFailure: z.enum(['destroy', 'keepDisabled']).exactOptional(),
    launch: launchSchema.exactOptional(),
  })
  .superRefine(({ strategy, timeoutSeconds }, context) => {
    const message = strategy.type === 'canary' ? canaryTooLong(strategy, timeoutSeconds) : null;
    if (message !== null) context.addIssue({ code: 'custom', message, path: ['timeoutSeconds'] });
  })
  .superRefine(({ onFailure, strategy }, context) => {
    if (onFailure !== 'keepDisabled' || keepingStrategies.includes(strategy.type)) return;
    const message = `the strategies ${keepingStrategies.join(', ')} can keep what has failed; ${strategy.type} cannot`;
    context.addIssue({ code: 'custom', message, path: ['onFailure'] });
  })
  .superRefine((stage, context) => {
    if (stage.strategy.type === 'blueGreen') {
      const launchTargetGroups = stage.launch?.targetGroupArns.length ?? 0;
      const beside = { region: stage.region, launchTargetGroups };
      for (const { path, message } of blueGreenFaults(stage.strategy, beside)) {
        context.addIssue({ code: 'custom', message, path: [...path] });
      }
    }
    if (stage.strategy.type !== 'rolling') return;
    for (const field of keptByRolling.filter((name) => stage[name] !== undefined)) {
      const message = 'a rolling deploy keeps the server group as it is: leave this out';
      context.addIssue({ code: 'custom', message, path: [field] });
    }
  });

const rollbackClusterSchema = z.strictObject({
  ...stageBase,
  type: z.literal('rollbackCluster'),
  timeoutSeconds: timeout(defaultTimeoutSeconds.rollbackCluster),
  account: accountName,
  region: regionName,
  cluster: serverGroupName,
  toServerGroup: serverGroupName.exactOptional(),
  expectedServing: serverGroupName.exactOptional(),
  targetHealthyPercent: z.int().min(1).max(100).default(100),
  zoneFloorPercent: z.int().min(0).max(100).exactOptional(),
  ruleArns: weightedFields.ruleArns.exactOptional(),
  acceptWeights: weightedFields.acceptWeights,
  reason: z.string().max(1000).exactOptional(),
});

const waitSchema = z
  .strictObject({
    ...stageBase,
    type: z.literal('wait'),
    waitSeconds: z.int().min(0).max(pipelineBounds.waitSecondsMax),
  })
  .transform((stage) => ({ ...stage, timeoutSeconds: stage.waitSeconds + 60 }));

const comparison = z.enum(comparisonOperators);

const preconditionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('clusterSize'),
    account: accountName,
    region: regionName,
    cluster: z.string().min(1).max(255),
    count: z.enum(['enabled', 'all']).default('enabled'),
    comparison,
    expected: z.int().min(0).max(pipelineBounds.instancesMax),
  }),
  z.strictObject({
    type: z.literal('stageOutput'),
    stage: refId,
    output: z.string().min(1).max(64),
    comparison,
    expected: z.union([z.string().max(1024), z.number(), z.boolean()]),
  }),
]);

const checkPreconditionsSchema = z.strictObject({
  ...stageBase,
  type: z.literal('checkPreconditions'),
  timeoutSeconds: timeout(defaultTimeoutSeconds.checkPreconditions),
  preconditions: z.array(preconditionSchema).min(1).max(20),
});

const manualJudgmentSchema = z.strictObject({
  ...stageBase,
  type: z.literal('manualJudgment'),
  timeoutSeconds: timeout(defaultTimeoutSeconds.manualJudgment),
  instructions: z.string().max(4000).exactOptional(),
  judgmentInputs: z
    .array(z.string().min(1).max(256))
    .max(20)
    .refine((inputs) => new Set(inputs).size === inputs.length, 'each choice once')
    .default([]),
});

/** The schema of each stage type, as the registry of stage types documents them. */
export const stageSchemas = {
  findImage: findImageSchema,
  deploy: deploySchema,
  rollbackCluster: rollbackClusterSchema,
  wait: waitSchema,
  checkPreconditions: checkPreconditionsSchema,
  manualJudgment: manualJudgmentSchema,
  resizeServerGroup: resizeServerGroupSchema,
  enableServerGroup: enableServerGroupSchema,
  disableServerGroup: disableServerGroupSchema,
  destroyServerGroup: destroyServerGroupSchema,
  suspendProcesses: suspendProcessesSchema,
  resumeProcesses: resumeProcessesSchema,
  pinServerGroup: pinServerGroupSchema,
  unpinServerGroup: unpinServerGroupSchema,
  tagServerGroup: tagServerGroupSchema,
} as const;

/** A pipeline definition by shape; the graph is checked apart from it (`checkStageGraph`). */
export const pipelineSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    application: applicationName,
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._ -]{0,99}$/,
        'letters, digits, ".", "_", "-", blanks; at most 100',
      ),
    description: z.string().max(1000).exactOptional(),
    stages: z
      .array(
        z.discriminatedUnion('type', [
          findImageSchema,
          deploySchema,
          rollbackClusterSchema,
          waitSchema,
          checkPreconditionsSchema,
          manualJudgmentSchema,
          resizeServerGroupSchema,
          enableServerGroupSchema,
          disableServerGroupSchema,
          destroyServerGroupSchema,
          suspendProcessesSchema,
          resumeProcessesSchema,
          pinServerGroupSchema,
          unpinServerGroupSchema,
          tagServerGroupSchema,
        ]),
      )
      .min(1)
      .max(pipelineBounds.stagesMax),
  })
  .superRefine(({ application, stages }, context) => {
    for (const [index, stage] of stages.entries()) {
      if (stage.type !== 'rollbackCluster') continue;
      if (parseServerGroupName(stage.cluster).app === application) continue;
      const message = `a cluster of application "${application}": its name begins with it`;
      context.addIssue({ code: 'custom', message, path: ['stages', index, 'cluster'] });
    }
  }) satisfies z.ZodType<Pipeline>;
