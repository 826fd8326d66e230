import { configurationFaults, defaultScoreThresholds, sourceFaults } from '@gennaker/canary';
import {
  canaryMinutes,
  type CanaryAnalysisSettings,
  type CanaryStrategy,
  type JsonObject,
} from '@gennaker/domain';
import { z } from 'zod';

import { weightedFields } from './blue-green-schema.js';
import { canaryConfigurationSchema } from './canary-configuration-schema.js';
import { jsonSchema } from './http/common.js';
import { pipelineBounds } from './stage-parts.js';

/** Bounds of a canary. */
export const canaryBounds = {
  /** Each step asks for an hour of minutes: more of them than this is no canary any more. */
  stepsMax: 10,
  /** Of the requests: with more the canary is the fleet, and a fresh baseline would leave the running one too little. */
  weightPercentMax: 50,
  /** With a fresh baseline of the same share, so that something is left for the running fleet. */
  freshWeightPercentMax: 49,
  /** Two days: as long as an instance refresh may pause. */
  minutesMax: 2880,
  /** Twice an analysis' unjudged minutes: more often there is nothing new to judge. */
  everyMinutesMin: 5,
  /** Analyses of an attempt at most: their reports may have 64 KiB each in the event log. */
  analysesMax: 100,
} as const;

const minutes = z.int().min(1).max(canaryBounds.minutesMax);

const pauseSchema = z.union([
  z.strictObject({ minutes }),
  z.strictObject({ requests: z.int().min(1).max(1_000_000_000), minutesMax: minutes }),
  z.strictObject({ approval: z.literal(true), minutes: minutes.exactOptional() }),
]);

/** Checked as a configuration, kept as it was written: what Kayenta knows and we do not look at stays. */
const configuration = z.record(z.string(), jsonSchema).superRefine((given, context) => {
  const parsed = canaryConfigurationSchema.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    context.addIssue({ code: 'custom', message, path: [...path] });
  }
}) satisfies z.ZodType<JsonObject>;

const analysisSchema = z
  .strictObject({
    configuration: configuration.exactOptional(),
    scoreThresholds: z
      .strictObject({ pass: z.number().min(0).max(100), marginal: z.number().min(0).max(100) })
      .refine(({ pass, marginal }) => marginal <= pass, 'marginal <= pass must hold')
      .exactOptional(),
    pointsMin: z.int().min(2).max(1440).exactOptional(),
    requestsMin: z.int().min(1).max(1_000_000_000).exactOptional(),
    everyMinutes: z
      .int()
      .min(canaryBounds.everyMinutesMin)
      .max(canaryBounds.minutesMax)
      .exactOptional(),
  })
  .superRefine((given, context) => {
    for (const message of unjudgeable(given)) {
      context.addIssue({ code: 'custom', message, path: ['configuration'] });
    }
  });

/** What the gate would find an hour later, told before anything is begun. */
function unjudgeable({ configuration: given, scoreThresholds }: CanaryAnalysisSettings) {
  const parsed = given === undefined ? undefined : canaryConfigurationSchema.safeParse(given).data;
  if (parsed === undefined) return [];
  const thresholds = scoreThresholds ?? parsed.classifier.scoreThresholds;
  return [
    ...sourceFaults(parsed),
    ...configurationFaults(parsed, thresholds ?? defaultScoreThresholds),
  ];
}

/** The strategy canary by shape. */
export const canarySchema = z
  .strictObject({
    type: z.literal('canary'),
    steps: z
      .array(
        z.strictObject({
          weightPercent: z.int().min(1).max(canaryBounds.weightPercentMax),
          pause: pauseSchema,
        }),
      )
      .min(1)
      .max(canaryBounds.stepsMax),
    baseline: z.enum(['fresh', 'running']).exactOptional(),
    ruleArns: weightedFields.ruleArns.exactOptional(),
    instances: z.int().min(1).max(pipelineBounds.instancesMax).exactOptional(),
    onInconclusive: z.enum(['hold', 'rollback']).exactOptional(),
    analysis: analysisSchema.exactOptional(),
    alarms: z
      .array(z.string().min(1).max(255))
      .max(pipelineBounds.alarmsMax)
      .refine((names) => new Set(names).size === names.length, 'each alarm once')
      .exactOptional(),
    bakeSeconds: z.int().min(0).max(pipelineBounds.timeoutSecondsMax).exactOptional(),
    acceptTooLittleTraffic: z.boolean().exactOptional(),
  })
  .superRefine((strategy, context) => {
    for (const { path, message } of canaryFaults(strategy)) {
      context.addIssue({ code: 'custom', message, path: [...path] });
    }
  }) satisfies z.ZodType<CanaryStrategy>;

interface CanaryFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function canaryFaults(strategy: CanaryStrategy): readonly CanaryFault[] {
  const { steps, baseline, bakeSeconds = 0, alarms = [], analysis } = strategy;
  const every = analysis?.everyMinutes;
  const background = every === undefined ? 0 : Math.floor(canaryMinutes(strategy) / every);
  return [
    ...steps.flatMap(({ weightPercent }, index) => {
      const path = ['steps', index, 'weightPercent'];
      return [
        ...(weightPercent <= (steps[index - 1]?.weightPercent ?? 0)
          ? [{ path, message: 'must be above the one before' }]
          : []),
        ...(baseline !== 'running' && weightPercent > canaryBounds.freshWeightPercentMax
          ? [
              {
                path,
                message: `at most ${canaryBounds.freshWeightPercentMax} beside a fresh baseline of the same share`,
              },
            ]
          : []),
      ];
    }),
    ...(bakeSeconds > 0 && alarms.length === 0
      ? [{ path: ['bakeSeconds'], message: 'watches alarms after the switch: name them in alarms' }]
      : []),
    ...(background + steps.length > canaryBounds.analysesMax
      ? [
          {
            path: ['analysis', 'everyMinutes'],
            message: `would make ${background + steps.length} analyses, at most ${canaryBounds.analysesMax}`,
          },
        ]
      : []),
  ];
}

/** What is known to take longer than the stage has would only be undone; null when it fits. */
export function canaryTooLong(strategy: CanaryStrategy, timeoutSeconds: number): string | null {
  const seconds = canaryMinutes(strategy) * secondsPerMinute + (strategy.bakeSeconds ?? 0);
  return seconds < timeoutSeconds
    ? null
    : `the pauses of the canary take ${seconds} s: give the stage more`;
}

/** Pauses are in minutes, the period of CloudWatch's figures; a stage's time is in seconds. */
const secondsPerMinute = 60;
