import type { ServerGroupDetails } from '@gennaker/aws';
import type { ServerGroupView } from '@gennaker/domain';
import { afterEach, beforeEach } from 'vitest';
import { account, openAwsWorld, region, type AwsWorld, type AwsWorldOptions } from './aws-world.js';
import { OtherHands } from './other-hands.js';
import { oldGroup, RedBlack } from './red-black.js';

/** A world, other people in it, and a red/black deploy that they may disturb. */
export interface NewWorld {
  readonly world: AwsWorld;
  readonly others: OtherHands;
  readonly deploy: RedBlack;
}

/** Each test of the file gets a world of its own, which is closed after the test. */
export function eachTestInNewWorld(
  give: (given: NewWorld) => void,
  options: AwsWorldOptions = {},
): void {
  let world: AwsWorld;
  let others: OtherHands;
  beforeEach(async () => {
    world = await openAwsWorld(options);
    others = new OtherHands(world);
    give({ world, others, deploy: new RedBlack(world) });
  });
  afterEach(async () => {
    others.close();
    await world.close();
  });
}

/** A server group once no read shows what was before any more, with the health of its targets. */
export async function findGroupNow(
  world: AwsWorld,
  name = oldGroup,
): Promise<ServerGroupDetails | undefined> {
  await world.settle();
  const aws = world.aws.region(account, region);
  const [group] = await aws.describeServerGroups([name], { priority: 'screen', withHealth: true });
  return group;
}

/** As `findGroupNow`, and throws where it is gone. */
export async function groupNow(world: AwsWorld, name = oldGroup): Promise<ServerGroupDetails> {
  const group = await findGroupNow(world, name);
  if (group === undefined) throw new Error(`${name} is gone`);
  return group;
}

/** What people see of it. */
export async function findViewNow(
  world: AwsWorld,
  name = oldGroup,
): Promise<ServerGroupView | undefined> {
  return (await findGroupNow(world, name))?.view;
}

/** As `findViewNow`, and throws where it is gone. */
export async function viewNow(world: AwsWorld, name = oldGroup): Promise<ServerGroupView> {
  return (await groupNow(world, name)).view;
}
