import { rulesPerStageMax, weightPercentMax, type BlueGreenStrategy } from '@gennaker/domain';
import { z } from 'zod';

import { pipelineBounds } from './stage-parts.js';

/** Bounds of a switch by weights. */
const blueGreenBounds = {
  /** More shares than this are a canary without analysis. */
  weightStepsMax: 20,
  /** As long as a stage may take at most: 7 days. */
  warmSecondsMax: pipelineBounds.timeoutSecondsMax,
} as const;

const targetGroupArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]+\/[0-9a-f]+$/,
    'the ARN of a target group',
  );

const ruleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener(-rule)?\/[a-z]+\//,
    "the ARN of a listener rule, or, for its default action, the listener's",
  )
  .refine((arn) => /:listener(-rule)?\/app\//.test(arn), {
    error:
      'weights are switched on application load balancers only (network load balancers have some, which Gennaker does not write): use the strategy redBlack, which moves registration',
  });

const weightSteps = z
  .array(
    z.strictObject({
      percent: z.int().min(1).max(weightPercentMax),
      pauseSeconds: z.int().min(0).max(pipelineBounds.timeoutSecondsMax).exactOptional(),
    }),
  )
  .min(1)
  .max(blueGreenBounds.weightStepsMax)
  .refine(
    (steps) => steps.every(({ percent }, index) => percent > (steps[index - 1]?.percent ?? 0)),
    'their percent must rise',
  );

const once = (values: readonly string[]) => new Set(values).size === values.length;

/** The target groups and rules of a switch by weights. */
export const weightedFields = {
  targetGroupArns: z
    .array(targetGroupArn)
    .length(2, 'two target groups, one a colour: with one there is nothing to switch, use redBlack')
    .refine(once, 'two different target groups'),
  ruleArns: z.array(ruleArn).min(1).max(rulesPerStageMax).refine(once, 'each rule once'),
  acceptWeights: z.array(z.string().min(1).max(256)).max(rulesPerStageMax).exactOptional(),
} as const;

/** The strategy blueGreen by shape; what stands behind the ARNs is looked at when it is planned. */
export const blueGreenSchema = z
  .strictObject({
    type: z.literal('blueGreen'),
    ...weightedFields,
    weightSteps: weightSteps.exactOptional(),
    alarms: z
      .array(z.string().min(1).max(255))
      .max(pipelineBounds.alarmsMax)
      .refine(once, 'each alarm once')
      .exactOptional(),
    bakeSeconds: z.int().min(0).max(pipelineBounds.timeoutSecondsMax).exactOptional(),
    warmSeconds: z.int().min(0).max(blueGreenBounds.warmSecondsMax).exactOptional(),
  })
  .refine(({ bakeSeconds = 0, alarms = [] }) => bakeSeconds === 0 || alarms.length > 0, {
    error: 'watches alarms after the switch: name them in alarms',
    path: ['bakeSeconds'],
  }) satisfies z.ZodType<BlueGreenStrategy>;

interface ArnFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Faults of a stage that only its strategy and its other fields together show. */
export function blueGreenFaults(
  { targetGroupArns, ruleArns }: Pick<BlueGreenStrategy, 'targetGroupArns' | 'ruleArns'>,
  stage: { readonly region: string; readonly launchTargetGroups: number },
): readonly ArnFault[] {
  const elsewhere = (field: string, arns: readonly string[]): readonly ArnFault[] =>
    arns.flatMap((arn, index) =>
      arn.split(':')[3] === stage.region
        ? []
        : [{ path: ['strategy', field, index], message: `an ARN of region ${stage.region}` }],
    );
  return [
    ...elsewhere('targetGroupArns', targetGroupArns),
    ...elsewhere('ruleArns', ruleArns),
    ...(stage.launchTargetGroups === 0
      ? []
      : [
          {
            path: ['launch', 'targetGroupArns'],
            message: 'leave this out: the strategy names the target groups',
          },
        ]),
  ];
}
