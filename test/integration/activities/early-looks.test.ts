import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  openAwsWorld,
  operation,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { OtherHands } from '../../support/activities/other-hands.js';
import { newGroup, RedBlack } from '../../support/activities/red-black.js';

/** Slow enough that there is room for early looks between two regular ones. */
const pollSeconds = 1;

let world: AwsWorld;
let others: OtherHands;
beforeEach(async () => {
  world = await openAwsWorld({ pollSeconds, adversarial: false });
  others = new OtherHands(world);
});
afterEach(async () => {
  others.close();
  await world.close();
});

it('early looks that do not show a group make nobody believe sooner that it is gone', async () => {
  const deploy = new RedBlack(world);
  const { arn } = await deploy.create(await deploy.plan());
  await others.deleteServerGroup(newGroup);
  await world.settle();
  const before = (await world.calls()).length;
  const beganAtMs = performance.now();
  const deadline = new Date(Date.now() + 60_000).toISOString();
  const waiting = world.run('awaitServerGroupHealthy', {
    context: operation('healthy', newGroup, { priority: 'wait', deadline }),
    subject: subject(newGroup),
    instancesHealthyMin: 3,
    arn,
  });
  await expect(waiting).rejects.toMatchObject({ type: 'SUBJECT_VANISHED' });
  const looks = (await world.calls()).slice(before).map(({ action }) => action);
  // Three regular looks; the first is no more than a period before the second.
  expect(performance.now() - beganAtMs).toBeGreaterThan(pollSeconds * 1_000);
  expect(looks.length).toBeGreaterThan(3);
  expect(new Set(looks)).toEqual(new Set(['DescribeAutoScalingGroups']));
});
