import { z } from 'zod';

/** Bounds of a pipeline definition. */
export const pipelineBounds = {
  stagesMax: 100,
  timeoutSecondsMax: 7 * 24 * 3600,
  waitSecondsMax: 30 * 24 * 3600,
  instancesMax: 10_000,
  /** As many as CodeDeploy and instance refresh take. */
  alarmsMax: 10,
} as const;

/** Seconds from a stage's start to the beginning of its undo, where the definition gives none. */
export const defaultTimeoutSeconds = {
  findImage: 300,
  deploy: 7200,
  // One that gives up brings back what it was to replace: it gets as long as a deploy.
  rollbackCluster: 7200,
  checkPreconditions: 300,
  manualJudgment: 3 * 24 * 3600,
  serverGroup: 3600,
} as const;

/** How stages are told apart. */
export const refId = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'letters, digits, "_", "." and "-"');
/** A configured account and a region. */
export const accountName = z.string().min(1).max(64);
export const regionName = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1');
/** What every stage has. */
export const stageBase = {
  refId,
  name: z.string().min(1).max(128),
  requisiteStageRefIds: z.array(refId).max(pipelineBounds.stagesMax).default([]),
};

/** Seconds, with a default. */
export function timeout(seconds: number) {
  return z.int().min(1).max(pipelineBounds.timeoutSecondsMax).default(seconds);
}

/** Scaling processes of Auto Scaling that a user may suspend on a new server group. */
export const suspendableProcesses = [
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
] as const;
