import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { afterEach, expect, test } from 'vitest';
import { groupOf, layGround } from './ground.js';
import { startStandIn, targetStates, type StandIn } from './stand-in.js';

/** What one second is to a watcher at the demo's speed. */
const LOOK_SECONDS = 20;
let standIn: StandIn;

afterEach(async () => {
  await standIn.close();
});

/** How many of three new instances a watcher sees healthy, look by look. */
async function healthyCounts(seed: string): Promise<readonly number[]> {
  standIn = await startStandIn({ seed, adversarial: { staleShare: 0 } });
  const ground = await layGround(standIn);
  await standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 3)));
  const counts: number[] = [];
  for (let look = 0; look < 10; look += 1) {
    const states = await targetStates(standIn, ground.targetGroupArn);
    expect(states.filter((state) => state !== 'initial' && state !== 'healthy')).toEqual([]);
    counts.push(states.filter((state) => state === 'healthy').length);
    await standIn.advance(LOOK_SECONDS);
  }
  return counts;
}

test.each(['one', 'two', 'three', 'four', 'five', 'six'])(
  'instances become healthy one after another, each is seen at the speed of the demo (seed %s)',
  async (seed) => {
    expect([...new Set(await healthyCounts(seed))]).toEqual([0, 1, 2, 3]);
  },
);

test('equal seeds give equal times', async () => {
  const first = await healthyCounts('one');
  await standIn.close();
  expect(await healthyCounts('one')).toEqual(first);
});
