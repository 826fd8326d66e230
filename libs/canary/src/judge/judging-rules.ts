import type { CanaryMetricConfiguration } from '../canary-configuration.js';
import type { EffectMeasure } from './effect-size.js';
import type { NanStrategy, OutlierRule } from './prepare-series.js';

/** Which change of a metric is bad. */
export type MetricDirection = 'increase' | 'decrease' | 'either';

/** The rules of one metric, every default filled in. */
export interface JudgingRules {
  readonly direction: MetricDirection;
  readonly nanStrategy: NanStrategy;
  readonly outliers: OutlierRule;
  readonly critical: boolean;
  readonly mustHaveData: boolean;
  readonly muted: boolean;
  readonly measure: EffectMeasure;
  readonly allowedIncrease: number;
  readonly allowedDecrease: number;
  readonly criticalIncrease: number;
  readonly criticalDecrease: number;
}

/** The defaults that Kayenta's judge has in its sources: how far outliers lie out, in interquartile ranges. */
const defaultOutlierFactor = 3;

/** No difference, in each measure: any significant change in the bad direction then fails. */
const noEffect: Readonly<Record<EffectMeasure, number>> = { meanRatio: 1, cles: 0.5 };

/** Reads a metric's rules with Kayenta's defaults; an unknown word is the default of its field. */
export function judgingRules(metric: CanaryMetricConfiguration): JudgingRules {
  const canary = metric.analysisConfigurations?.canary ?? {};
  const effect = canary.effectSize ?? {};
  const measure = effect.measure === 'cles' ? 'cles' : 'meanRatio';
  const bound = noEffect[measure];
  return {
    direction: directionOf(canary.direction),
    nanStrategy: canary.nanStrategy === 'replace' ? 'replace' : 'remove',
    outliers:
      canary.outliers?.strategy === 'remove'
        ? { keep: false, factor: canary.outliers.outlierFactor ?? defaultOutlierFactor }
        : { keep: true },
    critical: canary.critical ?? false,
    mustHaveData: canary.mustHaveData ?? false,
    muted: canary.muted ?? false,
    measure,
    allowedIncrease: effect.allowedIncrease ?? bound,
    allowedDecrease: effect.allowedDecrease ?? bound,
    criticalIncrease: effect.criticalIncrease ?? bound,
    criticalDecrease: effect.criticalDecrease ?? bound,
  };
}

function directionOf(word: string | undefined): MetricDirection {
  return word === 'increase' || word === 'decrease' ? word : 'either';
}
