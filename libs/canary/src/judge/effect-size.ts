import { pooledRanks } from './pooled-ranks.js';
import { seriesStatistics } from './series-statistics.js';

/** `meanRatio`: mean of the experiment over that of the control. `cles`: how often an experiment's point is the higher. */
export type EffectMeasure = 'meanRatio' | 'cles';

/** The size of an effect in the configured measure; NaN where a ratio of means cannot be computed. */
export function effectSize(
  experiment: readonly number[],
  control: readonly number[],
  measure: EffectMeasure,
): number {
  return measure === 'cles'
    ? commonLanguageEffectSize(experiment, control)
    : meanRatio(experiment, control);
}

/** Mean of the experiment over mean of the control; NaN when either is 0. */
export function meanRatio(experiment: readonly number[], control: readonly number[]): number {
  const over = seriesStatistics(experiment).mean;
  const under = seriesStatistics(control).mean;
  return over === 0 || under === 0 ? NaN : over / under;
}

/**
 * The share of pairs in which the experiment's point is higher, ties counting half: 0.5 is no difference, 1 is no
 * overlap (Vargha and Delaney 2000).
 */
function commonLanguageEffectSize(
  experiment: readonly number[],
  control: readonly number[],
): number {
  const x = Float64Array.from(experiment).toSorted();
  const y = Float64Array.from(control).toSorted();
  const { rankSum } = pooledRanks(x, y, 0);
  return (2 * rankSum - x.length * (x.length + 1)) / (2 * x.length * y.length);
}
