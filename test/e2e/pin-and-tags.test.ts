import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';

/** Stages that pin, tag and unpin one server group; each test goes on where the one before has ended. */
let gennaker: Gennaker;
let autoScaling: AutoScalingClient;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  const { accountId, region } = gennaker.seeded;
  const credentials = { accessKeyId: accountId, secretAccessKey: 'stand-in' };
  autoScaling = new AutoScalingClient({ endpoint: gennaker.aws.url, region, credentials });
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 1, MaxSize: 6 }),
  );
}, 120_000);
afterAll(async () => {
  autoScaling.destroy();
  await gennaker.close();
});

const name = 'web-prod-v000';

async function runs(...parts: readonly Readonly<Record<string, unknown>>[]) {
  const stages = parts.map((part, index) => ({
    refId: `s${index}`,
    name: `Stage ${index}`,
    requisiteStageRefIds: index === 0 ? [] : [`s${index - 1}`],
    account: 'demo',
    region: 'eu-west-1',
    serverGroup: { name },
    ...part,
  }));
  const pipeline = { schemaVersion: 1, application: 'web', name: 'stages', stages };
  const id = await gennaker.api.run(pipeline);
  await gennaker.watch(id).done;
  return await gennaker.api.execution(id);
}

/** Minimum and tags, as AWS has them once no read is old any more. */
async function groupNow() {
  await gennaker.aws.advance(5);
  const { AutoScalingGroups: groups = [] } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  const [group] = groups;
  const tags = (group?.Tags ?? []).map((tag) => `${tag.Key}=${tag.Value} ${tag.PropagateAtLaunch}`);
  return { min: group?.MinSize, tags: tags.filter((tag) => /^(team|gennaker:pinned)=/.test(tag)) };
}

test('a group is pinned and tagged, and what it was is remembered on it', async () => {
  const tags = [{ key: 'team', value: 'web', propagateAtLaunch: true }];
  const view = await runs({ type: 'pinServerGroup' }, { type: 'tagServerGroup', tags });
  expect(view.status, JSON.stringify(view.stages)).toBe('SUCCEEDED');
  const { min, tags: shown } = await groupNow();
  expect([min, ...shown.toSorted()]).toEqual([
    3,
    'gennaker:pinned=min=1 pinned=3 false',
    'team=web true',
  ]);
}, 60_000);

test('a failure of the stage leaves neither pin nor tag behind', async () => {
  await runs({ type: 'unpinServerGroup' });
  const before = await groupNow();
  expect(before.min).toBe(1);
  const message = 'User: role/gennaker is not authorized to perform: UpdateAutoScalingGroup';
  const fault = await gennaker.aws.fault({
    match: { action: 'UpdateAutoScalingGroup' },
    effect: { kind: 'error', code: 'AccessDenied', status: 403, message },
    times: 1,
  });
  const view = await runs({ type: 'pinServerGroup' });
  await gennaker.aws.clearFault(fault);
  const attempt = view.stages[0]?.attempts[0];
  expect([view.status, attempt?.error?.code, attempt?.summary?.notUndone]).toEqual([
    'TERMINAL',
    'AWS_DENIED',
    [],
  ]);
  expect(await groupNow()).toEqual(before);
}, 60_000);

test('a minimum that somebody has set since is left when it is unpinned, and the tag goes', async () => {
  await runs({ type: 'pinServerGroup' });
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 2 }),
  );
  const view = await runs({ type: 'unpinServerGroup' });
  expect(view.stages[0]?.attempts[0]?.outputs).toMatchObject({
    changed: false,
    outcome: 'changed',
  });
  expect(await groupNow()).toEqual({ min: 2, tags: ['team=web true'] });
}, 60_000);

test('tags of Gennaker and of AWS are refused before anything runs', async () => {
  const remove = ['gennaker:stage'];
  const stage = {
    refId: 'tag',
    name: 'Tag',
    type: 'tagServerGroup',
    account: 'demo',
    region: 'eu-west-1',
    serverGroup: { name },
    remove,
  };
  const body = { schemaVersion: 1, application: 'web', name: 'stages', stages: [stage] };
  const refused = await gennaker.api.post('/v1/pipelines', body);
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain('/stages/0/remove/0');
});
