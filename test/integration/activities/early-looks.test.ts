import { expect, it } from 'vitest';
import { operation, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';
import type { OtherHands } from '../../support/activities/other-hands.js';
import { newGroup, type RedBlack } from '../../support/activities/red-black.js';

/** Slow enough that there is room for early looks between two regular ones. */
const pollSeconds = 1;

let world: AwsWorld;
let others: OtherHands;
let deploy: RedBlack;
eachTestInNewWorld(
  (given) => {
    ({ world, others, deploy } = given);
  },
  { pollSeconds, adversarial: false },
);

it('early looks that do not show a group make nobody believe sooner that it is gone', async () => {
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
