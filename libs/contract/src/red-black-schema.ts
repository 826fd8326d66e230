import type { RedBlackStrategy, RollingRedBlackStrategy } from '@gennaker/domain';
import { z } from 'zod';

import { pipelineBounds } from './stage-parts.js';

/** Bounds of the red/black strategies. */
const redBlackBounds = {
  /** The new group and its source always stay. */
  remainingServerGroupsMin: 2,
  /** As many as a cluster's listing shows at a glance; Spinnaker has no bound. */
  remainingServerGroupsMax: 100,
  targetPercentsMax: 20,
  enabledServerGroupsMax: 10,
} as const;

/** Names of CloudWatch alarms (PutMetricAlarm AlarmName). */
const alarmNames = z
  .array(z.string().min(1).max(255))
  .max(pipelineBounds.alarmsMax)
  .refine((names) => new Set(names).size === names.length, 'each alarm once');

const delaySeconds = z.int().min(0).max(pipelineBounds.timeoutSecondsMax);

const targetPercents = z
  .array(z.int().min(1).max(100))
  .min(1)
  .max(redBlackBounds.targetPercentsMax)
  .refine(
    (percents) => percents.every((percent, index) => percent > (percents[index - 1] ?? 0)),
    'must rise',
  );

const switching = {
  delayBeforeDisableSeconds: delaySeconds.exactOptional(),
  alarms: alarmNames.exactOptional(),
  bakeSeconds: delaySeconds.exactOptional(),
  scaleDown: z.boolean().exactOptional(),
  delayBeforeScaleDownSeconds: delaySeconds.exactOptional(),
};

interface Switching {
  readonly alarms?: readonly string[];
  readonly bakeSeconds?: number;
  readonly scaleDown?: boolean;
  readonly delayBeforeScaleDownSeconds?: number;
}

/** What says nothing without another field. */
function refuseIdle(strategy: Switching, context: z.RefinementCtx): void {
  const { bakeSeconds = 0, alarms = [], scaleDown, delayBeforeScaleDownSeconds } = strategy;
  const fault = (path: string, message: string) =>
    context.addIssue({ code: 'custom', message, path: [path] });
  if (bakeSeconds > 0 && alarms.length === 0) {
    fault('bakeSeconds', 'watches alarms after the switch: name them in alarms');
  }
  if (delayBeforeScaleDownSeconds !== undefined && scaleDown !== true) {
    fault('delayBeforeScaleDownSeconds', 'waits before scaleDown: set that to true');
  }
}

/** The strategy redBlack by shape. */
export const redBlackSchema = z
  .strictObject({
    type: z.literal('redBlack'),
    ...switching,
    maxRemainingServerGroups: z
      .int()
      .min(redBlackBounds.remainingServerGroupsMin)
      .max(redBlackBounds.remainingServerGroupsMax)
      .exactOptional(),
    shrinkBefore: z.boolean().exactOptional(),
  })
  .superRefine((strategy, context) => {
    refuseIdle(strategy, context);
    if (strategy.shrinkBefore === undefined || strategy.maxRemainingServerGroups !== undefined) {
      return;
    }
    const message = 'says when surplus groups go: give maxRemainingServerGroups';
    context.addIssue({ code: 'custom', message, path: ['shrinkBefore'] });
  }) satisfies z.ZodType<RedBlackStrategy>;

/** The strategy rollingRedBlack by shape. */
export const rollingRedBlackSchema = z
  .strictObject({
    type: z.literal('rollingRedBlack'),
    targetPercents: targetPercents.exactOptional(),
    enabledServerGroupsMax: z
      .int()
      .min(1)
      .max(redBlackBounds.enabledServerGroupsMax)
      .exactOptional(),
    ...switching,
  })
  .superRefine(refuseIdle) satisfies z.ZodType<RollingRedBlackStrategy>;
