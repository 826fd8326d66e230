import type { FailureEvidence } from '@gennaker/domain';
import { expect, it } from 'vitest';

import { operation, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { newGroup, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});

/** A new group whose instances run and never pass a health check. */
async function failedGroup(): Promise<void> {
  await world.control.imageFault(world.seeded.imageIds['1.1.0']);
  const plan = await deploy.plan();
  await deploy.create(plan);
  await deploy.resize(plan);
  await world.advance(120);
}

function evidence(serverGroup = newGroup): Promise<FailureEvidence | null> {
  const context = operation('evidence', serverGroup, { priority: 'undo' });
  return world.runWithRetries('readFailureEvidence', { context, subject: subject(serverGroup) });
}

const healthFailed = expect.objectContaining({
  state: 'unhealthy',
  reason: 'Target.FailedHealthChecks',
  instances: 3,
}) as unknown;

it('tells how the targets stand and what the instances say, and changes nothing', async () => {
  await failedGroup();
  const before = (await world.calls()).length;
  const found = await evidence();
  expect(found).toMatchObject({ serverGroup: newGroup, unread: [] });
  expect(found?.targetHealth).toContainEqual(healthFailed);
  expect(found?.consoles).toHaveLength(3);
  for (const { text } of found?.consoles ?? []) expect(text).toContain('health check failed');
  const made = (await world.calls()).slice(before).map(({ action }) => action);
  expect(made.filter((action) => !/^(Describe|Get)/.test(action))).toEqual([]);
});

it('is nothing of a group that is not there', async () => {
  expect(await evidence('web-none-v000')).toBeNull();
});

it('names what it may not read, and keeps the rest', async () => {
  await failedGroup();
  await deny(world.control, 'GetConsoleOutput');
  const found = await evidence();
  expect(found?.targetHealth).toContainEqual(healthFailed);
  expect(found?.consoles).toEqual([]);
  expect(found?.unread).toHaveLength(3);
  expect(found?.unread[0]).toMatch(/^console of i-\w+: AWS_DENIED$/);
});

it('asks again what was throttled or whose reply was lost', async () => {
  await failedGroup();
  await throttleOnce(world.control, 'GetConsoleOutput');
  await loseReply(world.control, 'DescribeTargetHealth');
  const found = await evidence();
  expect(found?.unread).toEqual([]);
  expect(found?.consoles).toHaveLength(3);
});
