import assert from 'node:assert/strict';
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type CreateLaunchTemplateCommandInput,
} from '@aws-sdk/client-ec2';
import { anyImage, template } from '../ground/launch.js';
import { required } from '../ground/network.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const PAGE = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html';
const API = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference';
const IDEMPOTENCY = 'https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html';

async function create(
  stage: Stage,
  input: Partial<CreateLaunchTemplateCommandInput>,
): Promise<string> {
  const { LaunchTemplate: made } = await stage.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: stage.name('template'),
      LaunchTemplateData: { InstanceType: 't3.micro' },
      ...input,
    }),
  );
  const id = required(made?.LaunchTemplateId, 'the id of the launch template');
  stage.atEnd(async () =>
    stage.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })),
  );
  return id;
}

async function describe(stage: Stage, id: string) {
  const { LaunchTemplates: found } = await stage.ec2.send(
    new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] }),
  );
  return required(found?.[0], `the launch template ${id}`);
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'begins-with-version-1',
    title: 'A new launch template has one version, which is default and latest',
    run: async (stage) => {
      const found = await describe(stage, await create(stage, {}));
      assert.equal(found.DefaultVersionNumber, 1);
      assert.equal(found.LatestVersionNumber, 1);
      assert.match(found.LaunchTemplateId ?? '', /^lt-[0-9a-f]{17}$/);
    },
  },
  {
    name: 'keeps-what-it-was-given',
    title: 'A version gives back the data that it was made from',
    page: `${API}/API_DescribeLaunchTemplateVersions.html`,
    run: async (stage) => {
      const imageId = await anyImage(stage);
      const userData = Buffer.from('#!/bin/sh\necho ahoy\n').toString('base64');
      const { id } = await template(stage, {
        ImageId: imageId,
        UserData: userData,
        Monitoring: { Enabled: true },
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }],
      });
      const { LaunchTemplateVersions: versions } = await stage.ec2.send(
        new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ['1'] }),
      );
      const data = versions?.[0]?.LaunchTemplateData;
      assert.equal(data?.ImageId, imageId);
      assert.equal(data?.InstanceType, 't3.micro');
      assert.equal(data?.UserData, userData);
      assert.equal(data?.Monitoring?.Enabled, true);
      assert.deepEqual(data?.TagSpecifications?.[0]?.Tags, [{ Key: 'a', Value: 'b' }]);
    },
  },
  {
    name: 'name-is-unique',
    title: 'A second launch template of the same name is refused',
    run: async (stage) => {
      const name = stage.name('twice');
      await create(stage, { LaunchTemplateName: name });
      await refused(create(stage, { LaunchTemplateName: name }), {
        code: 'InvalidLaunchTemplateName.AlreadyExistsException',
      });
    },
  },
  {
    name: 'same-token-is-the-same-call',
    title: 'The same call with the same client token gives the same launch template again',
    page: IDEMPOTENCY,
    run: async (stage) => {
      const input = { LaunchTemplateName: stage.name('token'), ClientToken: stage.name('a') };
      assert.equal(await create(stage, input), await create(stage, input));
    },
  },
  {
    name: 'token-with-other-parameters',
    title: 'The same client token with other parameters is refused',
    page: IDEMPOTENCY,
    run: async (stage) => {
      const input = { LaunchTemplateName: stage.name('token'), ClientToken: stage.name('a') };
      await create(stage, input);
      await refused(create(stage, { ...input, LaunchTemplateData: { InstanceType: 't3.large' } }), {
        code: 'IdempotentParameterMismatch',
      });
    },
  },
  {
    name: 'is-tagged-at-birth',
    title: 'Tags that the call specifies are on the launch template',
    run: async (stage) => {
      const id = await create(stage, {
        TagSpecifications: [
          { ResourceType: 'launch-template', Tags: [{ Key: 'team', Value: 'us' }] },
        ],
      });
      assert.deepEqual((await describe(stage, id)).Tags, [{ Key: 'team', Value: 'us' }]);
    },
  },
  {
    name: 'is-found-by-name',
    title: 'A launch template is described by its name too',
    page: `${API}/API_DescribeLaunchTemplates.html`,
    run: async (stage) => {
      const { id, name } = await template(stage);
      const { LaunchTemplates: found } = await stage.ec2.send(
        new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] }),
      );
      assert.deepEqual(
        found?.map(({ LaunchTemplateId: each }) => each),
        [id],
      );
    },
  },
  {
    name: 'is-found-by-filter',
    title: 'A filter by name gives what is there, and nothing is no error',
    page: `${API}/API_DescribeLaunchTemplates.html`,
    run: async (stage) => {
      const { id, name } = await template(stage);
      const look = async (value: string) => {
        const { LaunchTemplates: found = [] } = await stage.ec2.send(
          new DescribeLaunchTemplatesCommand({
            Filters: [{ Name: 'launch-template-name', Values: [value] }],
          }),
        );
        return found.map(({ LaunchTemplateId: each }) => each);
      };
      assert.deepEqual(await look(name), [id]);
      assert.deepEqual(await look('no-such-template'), []);
    },
  },
  {
    name: 'is-gone-once-deleted',
    title: 'A launch template that was deleted is not found any more',
    page: `${API}/API_DeleteLaunchTemplate.html`,
    run: async (stage) => {
      const id = await create(stage, {});
      await stage.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }));
      await refused(describe(stage, id), { code: 'InvalidLaunchTemplateId.NotFound' });
    },
  },
  {
    name: 'dry-run-makes-nothing',
    title: 'A dry run is answered with DryRunOperation and 412, and makes nothing',
    run: async (stage) => {
      const name = stage.name('dry');
      await refused(create(stage, { LaunchTemplateName: name, DryRun: true }), {
        code: 'DryRunOperation',
        status: 412,
      });
      await create(stage, { LaunchTemplateName: name });
    },
  },
  ...refusals([
    {
      name: 'refuses-short-name',
      title: 'A name has at least three characters',
      code: 'InvalidLaunchTemplateName.MalformedException',
      call: async (stage) => create(stage, { LaunchTemplateName: 'ab' }),
    },
    {
      name: 'refuses-long-name',
      title: 'A name has at most 128 characters',
      code: 'InvalidLaunchTemplateName.MalformedException',
      call: async (stage) => create(stage, { LaunchTemplateName: 'a'.repeat(129) }),
    },
    {
      name: 'refuses-blank-in-name',
      title: 'A name has no blanks',
      code: 'InvalidLaunchTemplateName.MalformedException',
      call: async (stage) => create(stage, { LaunchTemplateName: 'two words' }),
    },
    {
      name: 'refuses-unknown-id',
      title: 'Describing an id that is not there is refused',
      page: `${API}/API_DescribeLaunchTemplates.html`,
      code: ['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.NotFoundException'],
      call: async (stage) => describe(stage, 'lt-0123456789abcdef0'),
    },
    {
      name: 'refuses-unknown-name',
      title: 'Describing a name that is not there is refused',
      page: `${API}/API_DescribeLaunchTemplates.html`,
      code: 'InvalidLaunchTemplateName.NotFoundException',
      call: async (stage) =>
        stage.ec2.send(
          new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['no-such-template'] }),
        ),
    },
    {
      name: 'refuses-to-delete-unknown',
      title: 'What is not there cannot be deleted',
      page: `${API}/API_DeleteLaunchTemplate.html`,
      code: 'InvalidLaunchTemplateId.NotFound',
      call: async (stage) =>
        stage.ec2.send(
          new DeleteLaunchTemplateCommand({ LaunchTemplateId: 'lt-0123456789abcdef0' }),
        ),
    },
    {
      name: 'refuses-to-delete-nothing',
      title: 'A deletion names an id or a name',
      page: `${API}/API_DeleteLaunchTemplate.html`,
      code: 'MissingParameter',
      call: async (stage) => stage.ec2.send(new DeleteLaunchTemplateCommand({})),
    },
  ]),
];

export const launchTemplateScenarios = topic(
  { name: 'launch-templates', service: 'ec2', documentation: PAGE },
  behaviours,
);
