import { binomialUpperTail, studentUpperTail } from './tail-probabilities.js';

/** Events of two kinds in blocks of time: how many of each block's `total` were of the kind in question. */
export interface EventBlock {
  readonly part: number;
  readonly total: number;
}

/** What a share test found. */
export interface ShareTest {
  readonly part: number;
  readonly total: number;
  /** How much more the blocks vary than independent events would; 1 where they do not. */
  readonly dispersion: number;
  /** One-sided: how likely so large a share is if the true one is the bound. */
  readonly pValue: number;
}

/**
 * How the variance between blocks is measured. `scatter`: around the share of all, so that a slow change is noise, too.
 * `steps`: from each block to the next (von Neumann 1941), so that a change that lasts is no noise but what is looked for.
 */
export type BlockSpread = 'scatter' | 'steps';

/**
 * Tests whether a share of events is above a bound. Two tests must both say so: the exact binomial one, which is right
 * where counts are small; and Student's against the variance that the blocks of time really show, never less than the
 * binomial one, which is right where events come in bursts, as sticky sessions, retries and errors do. So the
 * false-alarm rate is at most the level in both cases, and a burst is not taken for a shift. What varies more slowly than
 * the blocks are long looks like a shift.
 *
 * Source: the conditional test of two Poisson rates after Przyborowski and Wilenski 1940; variance of a ratio of block
 * totals after Cochran, "Sampling Techniques", 6.
 */
export function testShareAbove(
  blocks: readonly EventBlock[],
  bound: number,
  spread: BlockSpread = 'scatter',
): ShareTest {
  const filled = blocks.filter((block) => block.total > 0);
  const part = filled.reduce((sum, block) => sum + block.part, 0);
  const total = filled.reduce((sum, block) => sum + block.total, 0);
  if (total === 0) return { part, total, dispersion: 1, pValue: 1 };
  const share = part / total;
  const residuals = filled.map((block) => block.part - block.total * share);
  const variance = filled.length < 2 ? 0 : varianceOf(residuals, spread);
  const binomial = total * share * (1 - share);
  const dispersion = binomial > 0 ? Math.max(1, variance / binomial) : 1;
  const exact = binomialUpperTail(part, total, bound);
  const deviation = Math.sqrt(Math.max(variance, total * bound * (1 - bound)));
  if (filled.length < 2 || deviation === 0) return { part, total, dispersion, pValue: exact };
  const freedom = freedomOf(filled.length, spread);
  const dispersed = studentUpperTail((part - total * bound) / deviation, freedom);
  return { part, total, dispersion, pValue: Math.max(exact, dispersed) };
}

/** The same blocks seen from the other kind. */
export function otherKind(blocks: readonly EventBlock[]): readonly EventBlock[] {
  return blocks.map(({ part, total }) => ({ part: total - part, total }));
}

/** Of the sum over all blocks. */
function varianceOf(residuals: readonly number[], spread: BlockSpread): number {
  const count = residuals.length;
  const squares =
    spread === 'scatter'
      ? residuals.map((residual) => residual ** 2)
      : residuals.slice(1).map((residual, index) => (residual - (residuals[index] ?? 0)) ** 2 / 2);
  return (squares.reduce((sum, square) => sum + square, 0) * count) / (count - 1);
}

/** Differences of neighbours know a third less about the variance than residuals do. */
function freedomOf(blocks: number, spread: BlockSpread): number {
  return spread === 'scatter' ? blocks - 1 : Math.max(1, Math.floor((2 * (blocks - 1)) / 3));
}
