import type { EventBlock } from '../statistics/share-test.js';

/**
 * Minutes of a block of time. Long enough that neighbouring blocks hardly depend on each other, short enough that the 50
 * minutes a judgement needs make ten of them.
 */
export const minutesPerBlock = 5;

/**
 * Two series by the minute as blocks of five minutes: what of both together belongs to the first. A minute that neither
 * has is left out; where one has none and the other has, it is 0: CloudWatch reports nothing where nothing was.
 */
export function minuteBlocks(
  part: readonly number[],
  rest: readonly number[],
): readonly EventBlock[] {
  const minutes = Math.max(part.length, rest.length);
  const blocks = Array.from({ length: Math.ceil(minutes / minutesPerBlock) }, (_none, index) => {
    const range = [index * minutesPerBlock, (index + 1) * minutesPerBlock] as const;
    const ofPart = total(part.slice(...range));
    return { part: ofPart, total: ofPart + total(rest.slice(...range)) };
  });
  return blocks;
}

/** Sum of what there is. */
export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
}
