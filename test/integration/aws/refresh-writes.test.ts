import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import type { CreateLaunchTemplateVersionRequest, DesiredLaunch } from '@gennaker/aws';
import type { RefreshPreferences } from '@gennaker/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asWrite, startBench, textLike, type AwsBench } from './aws-bench.js';
import { testWrites, type WriteCase } from './standard-write-cases.js';
import { outcomeOf, owner } from './write-requests.js';

let bench: AwsBench;
const serverGroup = 'web-v001';
const preferences: RefreshPreferences = {
  minHealthyPercent: 100,
  maxHealthyPercent: 150,
  instanceWarmupSeconds: 0,
  checkpointPercents: [],
  checkpointDelaySeconds: null,
  bakeSeconds: 0,
  alarms: [],
  autoRollback: true,
  skipMatching: true,
};

beforeEach(async () => {
  bench = await startBench();
});

afterEach(async () => {
  await bench.close();
});

function versionRequest(): CreateLaunchTemplateVersionRequest {
  const { templateId, imageId } = bench.ground;
  const launchTemplateId = templateId;
  return { launchTemplateId, sourceVersion: '1', imageId, instanceType: 't3.small', owner };
}

function desired(version = '2'): DesiredLaunch {
  return { launchTemplateId: bench.ground.templateId, version, mixedInstancesPolicy: null };
}

async function groupOfTwo(): Promise<void> {
  await bench.region.createLaunchTemplateVersion(versionRequest(), asWrite);
  await bench.makeGroup(serverGroup, 2);
  await bench.advance(60);
}

async function refreshing(): Promise<void> {
  await groupOfTwo();
  await bench.region.startInstanceRefresh(
    { serverGroup, desired: desired(), preferences },
    asWrite,
  );
  await bench.advance(5);
}

const nothing = async (): Promise<void> => undefined;
const notThere = { prepare: nothing, outcome: { code: 'AWS_NOT_FOUND' } };

const writes: readonly WriteCase[] = [
  {
    action: 'CreateLaunchTemplateVersion',
    prepare: nothing,
    run: (options) => bench.region.createLaunchTemplateVersion(versionRequest(), options),
    again: { launchTemplateId: textLike(/^lt-/), version: '2' },
    vanished: {
      prepare: async () =>
        void (await bench.region.deleteLaunchTemplate(bench.ground.templateId, asWrite)),
      outcome: { code: 'AWS_NOT_FOUND' },
    },
  },
  {
    action: 'DeleteLaunchTemplateVersions',
    prepare: groupOfTwo,
    run: (options) => bench.region.deleteLaunchTemplateVersion(desired(), options),
    again: { outcome: 'gone', reason: null },
    vanished: { prepare: nothing, outcome: { outcome: 'gone' } },
  },
  {
    action: 'UpdateAutoScalingGroup',
    prepare: groupOfTwo,
    run: (options) => bench.region.updateLaunchTemplate(serverGroup, desired(), options),
    again: 'done',
    vanished: notThere,
  },
  {
    action: 'StartInstanceRefresh',
    prepare: groupOfTwo,
    run: (options) =>
      bench.region.startInstanceRefresh({ serverGroup, desired: desired(), preferences }, options),
    again: { outcome: 'inProgress' },
    vanished: notThere,
  },
  {
    action: 'RollbackInstanceRefresh',
    prepare: refreshing,
    run: (options) => bench.region.rollbackInstanceRefresh(serverGroup, options),
    again: { outcome: 'irreversible' },
    vanished: { prepare: groupOfTwo, outcome: { outcome: 'noneActive' } },
  },
  {
    action: 'CancelInstanceRefresh',
    prepare: refreshing,
    run: (options) => bench.region.cancelInstanceRefresh(serverGroup, options),
    again: { outcome: textLike(/^(cancelling|noneActive)$/) },
    vanished: { prepare: groupOfTwo, outcome: { outcome: 'noneActive' } },
  },
];

testWrites(() => bench, writes);

describe('a launch template version of ours', () => {
  test('is a copy of its source with another image, and is found again by its operation only', async () => {
    const made = await bench.region.createLaunchTemplateVersion(versionRequest(), asWrite);
    const { summary } = await bench.region.describeLaunchTemplateVersion(made, asWrite);
    expect(summary).toMatchObject({ imageId: bench.ground.imageId, instanceType: 't3.small' });
    const query = { launchTemplateId: bench.ground.templateId, aboveVersion: '1' };
    const find = (operationKey: string) =>
      bench.region.findLaunchTemplateVersion({ ...query, operationKey }, asWrite);
    expect(await find(owner.operationKey)).toEqual(made);
    expect(await find(`${owner.operationKey}-of-another`)).toBeUndefined();
  });

  test('is kept, with EC2’s words, once someone has made it the default', async () => {
    expect(await bench.region.deleteLaunchTemplateVersion(desired('1'), asWrite)).toEqual({
      outcome: 'kept',
      reason: textLike(/default/i),
    });
  });

  test('is told to be used by whom, in overrides too', async () => {
    const { templateId } = bench.ground;
    await bench.makeGroup('web-v000');
    await bench.makeGroup('web-v001', 0, {
      LaunchTemplate: undefined,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: '$Latest' },
          Overrides: [{ InstanceType: 't3.large' }],
        },
      },
    });
    const users = await bench.region.listLaunchTemplateUsers(templateId, asWrite);
    expect(users.toSorted((one, other) => (one.serverGroup < other.serverGroup ? -1 : 1))).toEqual([
      { serverGroup: 'web-v000', version: '1' },
      { serverGroup: 'web-v001', version: '$Latest' },
    ]);
    expect(await bench.region.listLaunchTemplateUsers('lt-other', asWrite)).toEqual([]);
  });
});

describe('an instance refresh', () => {
  test('is described with what it wants, how far it is, and why it goes back', async () => {
    await refreshing();
    const query = { serverGroup, refreshesMax: 10 };
    const [running] = await bench.region.describeInstanceRefreshes(query, asWrite);
    expect(running).toMatchObject({
      status: 'InProgress',
      percentComplete: 0,
      instancesToUpdate: 2,
      desired: { launchTemplateId: bench.ground.templateId, version: '2' },
      rollbackReason: null,
      endedAt: null,
    });
    await bench.region.rollbackInstanceRefresh(serverGroup, asWrite);
    await bench.advance(300);
    const [ended] = await bench.region.describeInstanceRefreshes(query, asWrite);
    expect(ended).toMatchObject({
      refreshId: running?.refreshId,
      status: 'RollbackSuccessful',
      rollbackReason: textLike(/user/),
      endedAt: textLike(/Z$/),
    });
  });

  test('stands in the way of another launch template, for a while', async () => {
    await refreshing();
    const update = bench.region.updateLaunchTemplate(serverGroup, desired('1'), asWrite);
    expect(await outcomeOf(update)).toMatchObject({ code: 'AWS_CONFLICT' });
  });

  test('keeps a mixed instances policy, but for the version of its base', async () => {
    const { templateId } = bench.ground;
    const policyOf = (Version: string) => ({
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version },
        Overrides: [{ InstanceType: 't3.large' }, { InstanceType: 'm7i.large' }],
      },
    });
    await bench.region.createLaunchTemplateVersion(versionRequest(), asWrite);
    const settings = { LaunchTemplate: undefined, MixedInstancesPolicy: policyOf('1') };
    await bench.makeGroup(serverGroup, 2, settings);
    await bench.advance(60);
    const launchOf = async () => {
      const [group] = await bench.region.describeServerGroups([serverGroup], asWrite);
      if (group?.settings.launch.kind !== 'mixedInstancesPolicy') throw new Error('no policy');
      return { policy: group.settings.launch.policy, view: group.view };
    };
    const before = await launchOf();
    const mixed = { ...desired(), mixedInstancesPolicy: before.policy };
    await bench.region.startInstanceRefresh({ serverGroup, desired: mixed, preferences }, asWrite);
    await bench.advance(600);
    const after = await launchOf();
    expect(after.policy).toMatchObject(policyOf('2'));
    expect(after.view.launchTemplate).toMatchObject({ version: '2' });
    expect(after.view.instances.map((one) => one.launchTemplate?.version)).toEqual(['2', '2']);
  });

  test('names the alarm that AWS does not know', async () => {
    await groupOfTwo();
    const request = {
      serverGroup,
      desired: desired(),
      preferences: { ...preferences, alarms: ['5xx'] },
    };
    const start = bench.region.startInstanceRefresh(request, asWrite);
    expect(await outcomeOf(start)).toMatchObject({ code: 'AWS_INVALID', message: textLike(/5xx/) });
  });
});

test('a version that someone else made beside ours is not taken for ours', async () => {
  const { templateId } = bench.ground;
  await bench.bare.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: templateId,
      SourceVersion: '1',
      VersionDescription: 'by hand',
      LaunchTemplateData: { InstanceType: 't3.large' },
    }),
  );
  const query = {
    launchTemplateId: templateId,
    aboveVersion: '1',
    operationKey: owner.operationKey,
  };
  expect(await bench.region.findLaunchTemplateVersion(query, asWrite)).toBeUndefined();
  expect(await bench.region.createLaunchTemplateVersion(versionRequest(), asWrite)).toMatchObject({
    version: '3',
  });
});
