/** Where a function changes its sign, with its values there, so that nobody computes them twice. */
export interface Bracket {
  readonly from: number;
  readonly to: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** How near the root must be, in the unit of the argument. Kayenta's, in whatever unit the metric has: small values suffer. */
const rootToleranceAbsolute = 1e-4;

/** Steps after which the best point so far is the answer; Kayenta's bound. Bisection alone needs about 60. */
const rootStepsMax = 1000;

/** A point of the search with the function's value there. */
interface Point {
  readonly at: number;
  readonly value: number;
}

/** Three points of Brent's method: the best, the one before it, and the other end of the bracket. */
interface Triple {
  readonly best: Point;
  readonly previous: Point;
  readonly opposite: Point;
}

/**
 * A root of a function within a bracket by Brent's method (R. Brent, "Algorithms for Minimization without Derivatives",
 * 1973, ch. 4), in the form that R's `zeroin` and Kayenta have. The function is a step function here, so that every
 * step must be taken as there or the answer differs within the tolerance. Never throws; without a change of sign, or
 * after 1,000 steps, it is the best point seen.
 */
export function brentRoot(bracket: Bracket, valueAt: (at: number) => number): number {
  const from: Point = { at: bracket.from, value: bracket.valueFrom };
  const to: Point = { at: bracket.to, value: bracket.valueTo };
  if (from.value === 0) return from.at;
  if (to.value === 0) return to.at;
  let triple: Triple = { previous: from, best: to, opposite: from };
  for (let step = 0; step <= rootStepsMax; step += 1) {
    // The last step counts as it was before the swap: Brent's method judges progress by it.
    const lastStep = triple.best.at - triple.previous.at;
    triple = bestFirst(triple);
    const { best, opposite } = triple;
    const tolerance = 2 * Number.EPSILON * Math.abs(best.at) + rootToleranceAbsolute / 2;
    const half = (opposite.at - best.at) / 2;
    if (Math.abs(half) <= tolerance || best.value === 0) return best.at;
    const wanted = stepOf(triple, lastStep, tolerance);
    const at = best.at + atLeast(wanted, tolerance);
    triple = bracketed({ previous: best, best: { at, value: valueAt(at) }, opposite });
  }
  return triple.best.at;
}

function bestFirst(triple: Triple): Triple {
  const { best, opposite } = triple;
  if (Math.abs(opposite.value) >= Math.abs(best.value)) return triple;
  return { previous: best, best: opposite, opposite: best };
}

/** Interpolates where the last step made progress and the new one would stay inside; else halves the bracket. */
function stepOf(triple: Triple, lastStep: number, tolerance: number): number {
  const { best, previous, opposite } = triple;
  const half = (opposite.at - best.at) / 2;
  if (Math.abs(lastStep) < tolerance || Math.abs(previous.value) <= Math.abs(best.value)) {
    return half;
  }
  const { numerator, denominator } = interpolation(triple);
  const width = opposite.at - best.at;
  const inside =
    numerator < 0.75 * width * denominator - Math.abs(tolerance * denominator) / 2 &&
    numerator < Math.abs((lastStep * denominator) / 2);
  return inside ? numerator / denominator : half;
}

/** The interpolated step as a fraction whose numerator is not negative: a secant, or inverse quadratic through three. */
function interpolation({ best, previous, opposite }: Triple) {
  const width = opposite.at - best.at;
  const toPrevious = best.value / previous.value;
  const fraction =
    previous.at === opposite.at
      ? { numerator: width * toPrevious, denominator: 1 - toPrevious }
      : inverseQuadratic(toPrevious, { best, previous, opposite });
  return fraction.numerator > 0
    ? { numerator: fraction.numerator, denominator: -fraction.denominator }
    : { numerator: -fraction.numerator, denominator: fraction.denominator };
}

function inverseQuadratic(toPrevious: number, { best, previous, opposite }: Triple) {
  const across = previous.value / opposite.value;
  const toOpposite = best.value / opposite.value;
  const width = opposite.at - best.at;
  const last = best.at - previous.at;
  return {
    numerator: toPrevious * (width * across * (across - toOpposite) - last * (toOpposite - 1)),
    denominator: (across - 1) * (toOpposite - 1) * (toPrevious - 1),
  };
}

function atLeast(step: number, tolerance: number): number {
  if (Math.abs(step) >= tolerance) return step;
  return step > 0 ? tolerance : -tolerance;
}

/** After a step to the side of the opposite end, the point before it is the opposite end. */
function bracketed(triple: Triple): Triple {
  const { best, previous, opposite } = triple;
  const sameSide = (best.value > 0 && opposite.value > 0) || (best.value < 0 && opposite.value < 0);
  return sameSide ? { best, previous, opposite: previous } : triple;
}
