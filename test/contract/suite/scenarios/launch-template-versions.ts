import assert from 'node:assert/strict';
import {
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
  type CreateLaunchTemplateVersionCommandInput,
} from '@aws-sdk/client-ec2';
import { template } from '../ground/launch.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference';
const IDEMPOTENCY = 'https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html';

async function addVersion(
  stage: Stage,
  id: string,
  settings: Partial<CreateLaunchTemplateVersionCommandInput> = {},
): Promise<number | undefined> {
  const { LaunchTemplateVersion: made } = await stage.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: id,
      LaunchTemplateData: { InstanceType: 't3.large' },
      ...settings,
    }),
  );
  return made?.VersionNumber;
}

async function versions(stage: Stage, id: string, named?: readonly string[]) {
  const { LaunchTemplateVersions: found = [] } = await stage.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateId: id,
      ...(named === undefined ? {} : { Versions: [...named] }),
    }),
  );
  return found;
}

async function setDefault(stage: Stage, id: string, version: string): Promise<void> {
  await stage.ec2.send(
    new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: version }),
  );
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'count-upwards',
    title: 'Versions are numbered 1, 2, 3; the latest moves, the default stays',
    run: async (stage) => {
      const { id } = await template(stage);
      assert.equal(await addVersion(stage, id), 2);
      assert.equal(await addVersion(stage, id), 3);
      const { LaunchTemplates: found } = await stage.ec2.send(
        new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] }),
      );
      assert.equal(found?.[0]?.LatestVersionNumber, 3);
      assert.equal(found?.[0]?.DefaultVersionNumber, 1);
    },
  },
  {
    name: 'source-is-completed',
    title: 'A version from a source version has what it does not say itself from there',
    run: async (stage) => {
      const { id, imageId } = await template(stage);
      await addVersion(stage, id, { SourceVersion: '1' });
      const data = (await versions(stage, id, ['2']))[0]?.LaunchTemplateData;
      assert.equal(data?.InstanceType, 't3.large');
      assert.equal(data?.ImageId, imageId);
    },
  },
  {
    name: 'without-source-stand-alone',
    title: 'A version without a source version has only what it says itself',
    run: async (stage) => {
      const { id } = await template(stage);
      await addVersion(stage, id);
      assert.equal((await versions(stage, id, ['2']))[0]?.LaunchTemplateData?.ImageId, undefined);
    },
  },
  {
    name: 'same-token-is-the-same-version',
    title: 'The same call with the same client token gives the same version again',
    page: IDEMPOTENCY,
    run: async (stage) => {
      const { id } = await template(stage);
      const token = { ClientToken: stage.name('version') };
      assert.equal(await addVersion(stage, id, token), 2);
      assert.equal(await addVersion(stage, id, token), 2);
      assert.equal((await versions(stage, id)).length, 2);
    },
  },
  {
    name: 'token-with-other-parameters',
    title: 'The same client token with other data is refused',
    page: IDEMPOTENCY,
    run: async (stage) => {
      const { id } = await template(stage);
      const token = { ClientToken: stage.name('version') };
      await addVersion(stage, id, token);
      await refused(
        addVersion(stage, id, { ...token, LaunchTemplateData: { InstanceType: 'm5.large' } }),
        { code: 'IdempotentParameterMismatch' },
      );
    },
  },
  {
    name: 'default-and-latest-by-name',
    title: '$Default and $Latest mean the versions of that moment',
    page: `${API}/API_DescribeLaunchTemplateVersions.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      await addVersion(stage, id);
      assert.equal((await versions(stage, id, ['$Latest']))[0]?.VersionNumber, 2);
      assert.equal((await versions(stage, id, ['$Default']))[0]?.VersionNumber, 1);
    },
  },
  {
    name: 'default-can-be-moved',
    title: 'Another version can be made the default',
    page: `${API}/API_ModifyLaunchTemplate.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      await addVersion(stage, id);
      await setDefault(stage, id, '2');
      const [found] = await versions(stage, id, ['$Default']);
      assert.equal(found?.VersionNumber, 2);
      assert.equal(found?.DefaultVersion, true);
    },
  },
  {
    name: 'are-bounded-by-numbers',
    title: 'MinVersion and MaxVersion bound a listing',
    page: `${API}/API_DescribeLaunchTemplateVersions.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      await addVersion(stage, id);
      await addVersion(stage, id);
      const { LaunchTemplateVersions: found = [] } = await stage.ec2.send(
        new DescribeLaunchTemplateVersionsCommand({
          LaunchTemplateId: id,
          MinVersion: '2',
          MaxVersion: '2',
        }),
      );
      assert.deepEqual(
        found.map(({ VersionNumber: number }) => number),
        [2],
      );
    },
  },
  {
    name: 'can-be-deleted',
    title: 'A version that is not the default is deleted and its number is not used again',
    page: `${API}/API_DeleteLaunchTemplateVersions.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      await addVersion(stage, id);
      const { SuccessfullyDeletedLaunchTemplateVersions: deleted } = await stage.ec2.send(
        new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ['2'] }),
      );
      assert.equal(deleted?.[0]?.VersionNumber, 2);
      assert.equal(await addVersion(stage, id), 3);
    },
  },
  {
    name: 'latest-after-a-deletion',
    title: 'After the latest version is deleted, $Latest is the highest that is left',
    page: `${API}/API_DeleteLaunchTemplateVersions.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      await addVersion(stage, id);
      await stage.ec2.send(
        new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ['2'] }),
      );
      assert.equal((await versions(stage, id, ['$Latest']))[0]?.VersionNumber, 1);
    },
  },
  {
    name: 'deleting-nothing',
    title: 'Deleting a version that is not there is told in the reply',
    page: `${API}/API_DeleteLaunchTemplateVersions.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      const { UnsuccessfullyDeletedLaunchTemplateVersions: kept } = await stage.ec2.send(
        new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ['7'] }),
      );
      assert.equal(kept?.[0]?.ResponseError?.Code, 'launchTemplateVersionDoesNotExist');
    },
  },
  {
    name: 'default-is-kept',
    title: 'The default version is not deleted, and the reply says so',
    page: `${API}/API_DeleteLaunchTemplateVersions.html`,
    run: async (stage) => {
      const { id } = await template(stage);
      const { UnsuccessfullyDeletedLaunchTemplateVersions: kept } = await stage.ec2.send(
        new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ['1'] }),
      );
      assert.equal(kept?.[0]?.VersionNumber, 1);
      assert.equal((await versions(stage, id)).length, 1);
    },
  },
  ...refusals([
    {
      name: 'refuses-unknown-template',
      title: 'A template that is not there gets no versions',
      code: 'InvalidLaunchTemplateId.NotFound',
      call: async (stage) => addVersion(stage, 'lt-0123456789abcdef0'),
    },
    {
      name: 'refuses-unknown-source',
      title: 'The source version must exist',
      code: 'InvalidLaunchTemplateId.VersionNotFound',
      call: async (stage) => addVersion(stage, (await template(stage)).id, { SourceVersion: '7' }),
    },
    {
      name: 'refuses-unknown-version',
      title: 'Describing a version that is not there is refused',
      page: `${API}/API_DescribeLaunchTemplateVersions.html`,
      code: 'InvalidLaunchTemplateId.VersionNotFound',
      call: async (stage) => versions(stage, (await template(stage)).id, ['7']),
    },
    {
      name: 'refuses-unknown-default',
      title: 'A version that is not there cannot be the default',
      page: `${API}/API_ModifyLaunchTemplate.html`,
      code: 'InvalidLaunchTemplateId.VersionNotFound',
      call: async (stage) => setDefault(stage, (await template(stage)).id, '7'),
    },
  ]),
];

export const launchTemplateVersionScenarios = topic(
  {
    name: 'launch-template-versions',
    service: 'ec2',
    documentation: `${API}/API_CreateLaunchTemplateVersion.html`,
  },
  behaviours,
);
