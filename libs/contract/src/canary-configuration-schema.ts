import { netflixJudgeName, type CanaryConfiguration } from '@gennaker/canary';
import { z } from 'zod';

/** Bounds of a canary configuration. Kayenta has none; these are far above what people write. */
export const canaryConfigurationBounds = {
  /** A report on each must fit into an event; Google's SRE advises a dozen. */
  metricsMax: 40,
  /** Groups of one metric, and weights by group. */
  groupsMax: 40,
  /** Characters of a name of a metric, a group, a word. */
  nameCharactersMax: 200,
  /** Characters of a description. */
  descriptionCharactersMax: 2000,
} as const;

const name = z.string().min(1).max(canaryConfigurationBounds.nameCharactersMax);
const word = z.string().max(canaryConfigurationBounds.nameCharactersMax);

const effectSizeSchema = z.looseObject({
  measure: word.exactOptional(),
  allowedIncrease: z.number().exactOptional(),
  allowedDecrease: z.number().exactOptional(),
  criticalIncrease: z.number().exactOptional(),
  criticalDecrease: z.number().exactOptional(),
});

const canaryAnalysisSchema = z
  .looseObject({
    direction: word.exactOptional(),
    nanStrategy: word.exactOptional(),
    critical: z.boolean().exactOptional(),
    mustHaveData: z.boolean().exactOptional(),
    muted: z.boolean().exactOptional(),
    outliers: z
      .looseObject({ strategy: word.exactOptional(), outlierFactor: z.number().exactOptional() })
      .exactOptional(),
    effectSize: effectSizeSchema.exactOptional(),
  })
  .refine(({ outliers }) => outliers?.strategy !== 'remove' || (outliers.outlierFactor ?? 1) > 0, {
    error: 'must be above 0 where outliers are removed',
    path: ['outliers', 'outlierFactor'],
  });

const metricSchema = z.looseObject({
  name,
  query: z.record(z.string(), z.unknown()).exactOptional(),
  groups: z.array(name).max(canaryConfigurationBounds.groupsMax),
  scopeName: word.exactOptional(),
  analysisConfigurations: z
    .looseObject({ canary: canaryAnalysisSchema.exactOptional() })
    .exactOptional(),
});

/**
 * A canary configuration as Kayenta's API takes it (`POST /canaryConfig`). Fields that the judge does not read, unknown
 * ones included, are let through unchanged, so that a configuration that was written for Kayenta can be used as it is.
 * Refused are what ends a run in Kayenta with an exception (a bound or flag that is text, no classifier, an outlier
 * factor of 0), `null` in place of a bound or flag (Kayenta reads a bound of 0 from it, which lets every decrease pass),
 * and any other judge than NetflixACAJudge-v1.0.
 */
export const canaryConfigurationSchema = z.looseObject({
  name,
  id: word.exactOptional(),
  description: z.string().max(canaryConfigurationBounds.descriptionCharactersMax).exactOptional(),
  configVersion: word.exactOptional(),
  applications: z.array(word).max(100).exactOptional(),
  judge: z
    .looseObject({
      name: z.literal(netflixJudgeName, `the only judge here is ${netflixJudgeName}`),
    })
    .exactOptional(),
  metrics: z.array(metricSchema).max(canaryConfigurationBounds.metricsMax),
  templates: z.record(z.string(), z.string()).exactOptional(),
  classifier: z.looseObject({
    groupWeights: z
      .record(name, z.number())
      .refine(
        (weights) => Object.keys(weights).length <= canaryConfigurationBounds.groupsMax,
        `at most ${canaryConfigurationBounds.groupsMax} groups`,
      )
      .default({}),
    scoreThresholds: z.looseObject({ pass: z.number(), marginal: z.number() }).exactOptional(),
  }),
}) satisfies z.ZodType<CanaryConfiguration>;
