/** Between two tries of an undo that waits for instances, in milliseconds: growing. */
export const firstPauseMs = 2_000;
const pauseMsMax = 30_000;

/** The pause after one of `pauseMs`. */
export function longerPause(pauseMs: number): number {
  return Math.min(pauseMs * 2, pauseMsMax);
}
