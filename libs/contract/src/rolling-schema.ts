import type { RollingStrategy } from '@gennaker/domain';
import { z } from 'zod';

/** Bounds of Auto Scaling (API_RefreshPreferences, API_AlarmSpecification). */
export const rollingBounds = {
  /** Checkpoint delay and bake time: 48 hours. */
  delaySecondsMax: 172_800,
  warmupSecondsMax: 86_400,
  alarmsMax: 10,
  checkpointsMax: 20,
  /** Between the two percentages. */
  healthySpanPercentMax: 100,
} as const;

const checkpoint = z.strictObject({
  percent: z.int().min(1).max(100),
  delaySeconds: z.int().min(0).max(rollingBounds.delaySecondsMax),
});

/** The strategy rolling by shape, with the limits that AWS would otherwise tell at the start of the refresh only. */
export const rollingSchema = z
  .strictObject({
    type: z.literal('rolling'),
    minHealthyPercent: z.int().min(0).max(100).exactOptional(),
    maxHealthyPercent: z.int().min(100).max(200).exactOptional(),
    instanceWarmupSeconds: z.int().min(0).max(rollingBounds.warmupSecondsMax).exactOptional(),
    checkpoints: z.array(checkpoint).max(rollingBounds.checkpointsMax).exactOptional(),
    bakeSeconds: z.int().min(0).max(rollingBounds.delaySecondsMax).exactOptional(),
    alarms: z.array(z.string().min(1).max(255)).max(rollingBounds.alarmsMax).exactOptional(),
    skipMatching: z.boolean().exactOptional(),
  })
  .superRefine((strategy, context) => {
    for (const { path, message } of rollingFaults(strategy)) {
      context.addIssue({ code: 'custom', message, path: [...path] });
    }
  }) satisfies z.ZodType<RollingStrategy>;

interface RollingFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function rollingFaults(strategy: RollingStrategy): readonly RollingFault[] {
  const { minHealthyPercent: min, maxHealthyPercent: max, checkpoints = [] } = strategy;
  const span = max !== undefined && max - (min ?? 100) > rollingBounds.healthySpanPercentMax;
  const [first] = checkpoints;
  return [
    ...(span
      ? [{ path: ['maxHealthyPercent'], message: 'at most 100 above minHealthyPercent (AWS)' }]
      : []),
    ...checkpoints.flatMap(({ percent, delaySeconds }, index): readonly RollingFault[] => [
      ...(percent <= (checkpoints[index - 1]?.percent ?? 0)
        ? [{ path: ['checkpoints', index, 'percent'], message: 'must be above the one before' }]
        : []),
      ...(delaySeconds !== first?.delaySeconds
        ? [
            {
              path: ['checkpoints', index, 'delaySeconds'],
              message: 'AWS has one delay for all checkpoints: give the same as the first',
            },
          ]
        : []),
    ]),
  ];
}

/** What a deploy in place cannot set: it keeps the server group as it is. */
export const keptByRolling = [
  'capacity',
  'suspendedProcesses',
  'healthCheckGraceSeconds',
  'zoneFloorPercent',
  'launch',
] as const;
