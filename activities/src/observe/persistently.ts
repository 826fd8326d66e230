import { vanishedLooksMin } from './look.js';
import { pause } from './pause.js';

/** Between two looks for a thing that is not there: its creation may only not be visible yet. */
const lookAgainMs = 1_000;

/** Looks again while nothing is found, {@link vanishedLooksMin} times in all: a single look may be stale. */
export async function findPersistently<T>(
  find: () => Promise<T | undefined>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  for (let looks = 1; ; looks += 1) {
    const found = await find();
    if (found !== undefined || looks >= vanishedLooksMin) return found;
    await pause(lookAgainMs, signal);
  }
}
