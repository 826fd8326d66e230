import type { ComparedUndo } from '@gennaker/contract/wire';
import type { OpenUndo, ServerGroupRestoreState } from '@gennaker/domain';
import { beforeEach, expect, it } from 'vitest';

import { operation, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { deny, throttleOnce } from '../../support/activities/faults.js';
import { newGroup, oldGroup, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});
let restore: ServerGroupRestoreState;
let open: readonly OpenUndo[];
beforeEach(async () => {
  await deploy.makeNewGroup();
  restore = await deploy.capture();
  await deploy.disable(restore);
  await deploy.drained();
  await world.settle();
  const entries: readonly OpenUndo['entry'][] = [
    {
      id: 'disable',
      operation: 'enableServerGroup',
      title: `Enable ${oldGroup} again`,
      subject: subject(oldGroup),
      restore,
    },
    {
      id: 'create',
      operation: 'destroyServerGroup',
      title: `Destroy ${newGroup}`,
      subject: subject(newGroup),
    },
  ];
  open = entries.map((entry) => ({ refId: 'deploy', attempt: 1, entry }));
});

const { executionId } = operation('x', 'x');

function compare(): Promise<ComparedUndo> {
  return world.runWithRetries('compareUndo', { executionId, open });
}

const undo = (name: string) => operation(`undo:${name}`, newGroup, { priority: 'undo' });

/** What a person would do by hand; here with the activities of an undo. */
async function repairOld(): Promise<void> {
  const input = { context: undo('enable'), subject: subject(oldGroup), restore };
  await world.runWithRetries('registerServerGroup', input);
  await world.run('awaitServerGroupHealthy', { ...input, instancesHealthyMin: 3, arn: null });
  await world.runWithRetries('resumeServerGroup', input);
  await world.run('awaitServerGroupHealthy', { ...input, instancesHealthyMin: 3, arn: null });
}

async function repairNew(): Promise<void> {
  const input = { context: undo('destroy'), subject: subject(newGroup) };
  await world.runWithRetries('deleteServerGroup', input);
  await world.run('awaitServerGroupGone', input);
}

it('names every resource that is not as the undo was to leave it, and changes nothing', async () => {
  const { differences } = await compare();
  expect(differences.map(({ resource, step }) => `${step}: ${resource}`)).toEqual([
    `Enable ${oldGroup} again: server group ${oldGroup}`,
    `Enable ${oldGroup} again: server group ${oldGroup}`,
    `Destroy ${newGroup}: server group ${newGroup}`,
    expect.stringContaining('launch template web-prod-v001'),
  ]);
  expect(differences[0]?.found).toContain('AddToLoadBalancer');
  const before = (await world.calls()).length;
  await compare();
  const made = (await world.calls()).slice(before).map(({ action }) => action);
  expect(made.filter((action) => !action.startsWith('Describe'))).toEqual([]);
});

it('is satisfied with half only of what half is of', async () => {
  await repairOld();
  const { differences } = await compare();
  expect(new Set(differences.map(({ step }) => step))).toEqual(new Set([`Destroy ${newGroup}`]));
});

it('finds nothing left once everything is as the undo was to leave it', async () => {
  await repairOld();
  await repairNew();
  const template = await compare();
  expect(template.differences.map(({ resource }) => resource)).toEqual([
    expect.stringContaining('launch template web-prod-v001'),
  ]);
  await world.runWithRetries('deleteLaunchTemplate', {
    context: undo('destroy'),
    subject: subject(newGroup),
  });
  await world.settle();
  expect((await compare()).differences).toEqual([]);
  // The same again is the same.
  expect((await compare()).differences).toEqual([]);
});

it('takes a throttled look again, and a denied one for an error, never for repaired', async () => {
  await repairNew();
  await throttleOnce(world.control, 'DescribeLaunchTemplates');
  expect((await compare()).differences.length).toBeGreaterThan(0);
  await deny(world.control, 'DescribeLaunchTemplates');
  await expect(compare()).rejects.toMatchObject({ type: 'AWS_DENIED' });
});

it('a server group that is gone although it was to serve is a difference', async () => {
  const entry: OpenUndo['entry'] = {
    id: 'disable',
    operation: 'enableServerGroup',
    title: 'Enable it again',
    subject: subject('web-gone-v000'),
    restore,
  };
  open = [{ refId: 'deploy', attempt: 1, entry }];
  const { differences } = await compare();
  expect(differences).toMatchObject([{ expected: 'in traffic', found: 'it is gone' }]);
});
