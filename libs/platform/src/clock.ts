/** The time, as something that can be handed in: tests hand in a clock of their own. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };
