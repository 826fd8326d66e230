import { afterEach, beforeEach, expect } from 'vitest';
import { openAwsWorld, type AwsWorld } from './aws-world.js';
import { oldGroup } from './red-black.js';
import { RefreshHands } from './refresh-hands.js';
import { Rolling } from './rolling.js';

/** The seed's server group, our hands on it, and those of others. */
export interface RollingWorld {
  readonly world: AwsWorld;
  readonly hands: RefreshHands;
  readonly rolling: Rolling;
  /** How many calls of an action were carried out. */
  callsOf(action: string): Promise<number>;
  close(): Promise<void>;
}

async function openRollingWorld(): Promise<RollingWorld> {
  const world = await openAwsWorld();
  const { accountId, launchTemplateId } = world.seeded;
  const { url } = world.control;
  const hands = new RefreshHands({ url, accountId, launchTemplateId, serverGroup: oldGroup });
  return {
    world,
    hands,
    rolling: new Rolling(world),
    callsOf: async (action) =>
      (await world.calls()).filter((call) => call.action === action && call.executed).length,
    close: async () => {
      hands.close();
      await world.close();
    },
  };
}

/** Each test of the file gets a world of its own, which is closed after the test. */
export function eachTestInNewRollingWorld(give: (given: RollingWorld) => void): void {
  let opened: RollingWorld;
  beforeEach(async () => {
    opened = await openRollingWorld();
    give(opened);
  });
  afterEach(() => opened.close());
}

/** Matches a text; typed, which the matcher itself is not. */
export const text = (pattern: RegExp): unknown => expect.stringMatching(pattern) as unknown;
