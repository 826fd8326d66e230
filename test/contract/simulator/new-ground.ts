import { afterEach, beforeEach } from 'vitest';
import { layGround, type Ground } from './ground.js';
import { startStandIn, type StandIn } from './stand-in.js';

/** A stand-in, and what a fleet stands on in it. */
export interface NewGround {
  readonly standIn: StandIn;
  readonly ground: Ground;
}

/** Each test of the file gets a stand-in of its own, with the ground laid; it is closed after the test. */
export function eachTestOnNewGround(give: (given: NewGround) => void): void {
  let standIn: StandIn;
  beforeEach(async () => {
    standIn = await startStandIn();
    give({ standIn, ground: await layGround(standIn) });
  });
  afterEach(() => standIn.close());
}
