import type {
  ListenerRule,
  PlannedWeights,
  RuleChange,
  RuleRef,
  WeightGuard,
} from '@gennaker/domain';
import { z } from 'zod';

import { jsonSchema } from './common.js';

const jsonObjectSchema = z.record(z.string(), jsonSchema);

/** One listener rule by its ARN, or the default action of a listener by the listener's. */
export const ruleRefSchema = z.object({
  account: z.string(),
  region: z.string(),
  arn: z.string(),
}) satisfies z.ZodType<RuleRef>;

/** Target groups of a forward action with their weights, 0 to 999. */
export const weightsSchema = z.array(z.object({ targetGroupArn: z.string(), weight: z.int() }));

/** A rule as AWS showed it. */
const listenerRuleSchema = z
  .object({
    arn: z.string(),
    listenerArn: z.string(),
    priority: z.string(),
    conditions: z.array(jsonObjectSchema),
    transforms: z.array(jsonObjectSchema),
    actions: z.array(
      z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('forward'),
          order: z.int().nullable(),
          targetGroups: weightsSchema,
          stickiness: z.object({
            enabled: z.boolean(),
            durationSeconds: z.int().nullable(),
          }),
        }),
        z.object({
          kind: z.literal('other'),
          type: z.string(),
          order: z.int().nullable(),
          settings: jsonObjectSchema,
        }),
      ]),
    ),
    unknownFields: z.array(z.string()),
  })
  .meta({ id: 'ListenerRule' }) satisfies z.ZodType<ListenerRule>;

/** The fields of one absolute change of a rule's weights. */
export const ruleChangeFields = {
  captured: listenerRuleSchema,
  weights: weightsSchema,
  expected: z.array(weightsSchema),
} satisfies Readonly<Record<keyof RuleChange, z.ZodType>>;

/** What must serve before a target group gets a larger share. */
export const weightGuardsSchema = z.array(
  z
    .object({
      targetGroupArn: z.string(),
      serverGroup: z.string(),
      instancesHealthyMin: z.int(),
      coveringPercent: z.int().exactOptional(),
      zoneFloorPercent: z.int().exactOptional(),
      replaces: z.string().exactOptional(),
      relieves: z.string().exactOptional(),
    })
    .meta({ id: 'WeightGuard' }),
) satisfies z.ZodType<readonly WeightGuard[]>;

/** A switch by weights, with every rule that forwards to either target group. */
export const plannedWeightsSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    rules: z.array(
      z.object({
        ruleArn: z.string(),
        listenerArn: z.string(),
        title: z.string(),
        before: z.string(),
        after: z.string(),
      }),
    ),
    warmSeconds: z.int(),
  })
  .meta({
    id: 'PlannedWeights',
    description:
      'From which target group to which requests are switched, and the weights of every rule that forwards to either.',
  }) satisfies z.ZodType<PlannedWeights>;
