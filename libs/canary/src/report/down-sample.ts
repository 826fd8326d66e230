/** Points that a series has in a report at most: what a chart of a screen's half can show. */
export const reportedPointsMax = 120;

/** How many minutes one reported point must stand for so that there are at most `pointsMax` of them. */
export function minutesPerPoint(minutes: number, pointsMax: number): number {
  return Math.max(1, Math.ceil(minutes / Math.max(1, pointsMax)));
}

/** Means of neighbouring minutes with 4 digits; null where none of them has a finite value. Order is kept. */
export function downSample(
  values: readonly number[],
  perPoint: number,
): readonly (number | null)[] {
  return Array.from({ length: Math.ceil(values.length / perPoint) }, (_none, index) => {
    const known = values
      .slice(index * perPoint, (index + 1) * perPoint)
      .filter((value) => Number.isFinite(value));
    const sum = known.reduce((total, value) => total + value, 0);
    return known.length === 0 ? null : rounded(sum / known.length, 4);
  });
}

/** To so many significant digits; null for what JSON cannot write. */
export function rounded(value: number, digits: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}
