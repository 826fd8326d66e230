import type { StreamedEvent } from './follow-execution.js';
import { tellLine, type Telling } from './telling.js';
import type { StandInControl } from './stand-in-control.js';

/** The demo lets a day of traffic pass first: from so much a plan says what a canary would catch. */
const DAY_SECONDS = 24 * 3_600;
/** Pauses of a canary are in minutes. */
const MINUTE_SECONDS = 60;
/** The watch begins at a whole minute, and its end is seen by the next look. */
const SLACK_MINUTES = 2;

/** A canary watches for an hour what a demo has seconds for: the stand-in's time is let pass at once. */
export interface CanaryTime {
  /** A day of requests, from which the plan says what each step can show. */
  readonly passDay: () => Promise<void>;
  readonly onEvent: (event: StreamedEvent['event']) => void;
  /** Throws what letting time pass has met. */
  readonly settled: () => Promise<void>;
}

/** Lets the longest step's minutes pass whenever the watch over one begins. */
export function createCanaryTime(
  telling: Telling,
  standIn: StandInControl,
  stepMinutes: number,
): CanaryTime {
  const passing: Promise<void>[] = [];
  return {
    passDay: async () => {
      await standIn.passTime(DAY_SECONDS);
      tellLine(telling, 'a day of requests has passed on the stand-in');
    },
    onEvent: (event) => {
      if (event.kind !== 'step.started' || event['operation'] !== 'watchCanary') return;
      tellLine(telling, `${stepMinutes} minutes pass at once on the stand-in`);
      const passed = standIn.passTime((stepMinutes + SLACK_MINUTES) * MINUTE_SECONDS);
      passing.push(passed);
      // What it meets is thrown by `settled`.
      passed.catch(() => undefined);
    },
    settled: async () => {
      await Promise.all(passing);
    },
  };
}
