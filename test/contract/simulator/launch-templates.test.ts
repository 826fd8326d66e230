import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorOf, startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn();
});

afterEach(async () => {
  await standIn.close();
});

const template = {
  LaunchTemplateName: 'web',
  ClientToken: 'token-1',
  LaunchTemplateData: {
    ImageId: 'ami-1',
    InstanceType: 't3.micro',
    UserData: 'IyEvYmluL3No',
    SecurityGroupIds: ['sg-1', 'sg-2'],
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, Encrypted: true } }],
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a<b>&"c"', Value: 'ü ÷ 1' }] }],
  },
} as const;

const copyOf = <T>(value: T): T => structuredClone(value);

async function create(change: object = {}) {
  return standIn.ec2.send(
    new CreateLaunchTemplateCommand({ ...copyOf(template), ...change } as never),
  );
}

describe('creating', () => {
  test('answers a repeat with the same token with the same template', async () => {
    const first = await create();
    const second = await create();
    expect(second.LaunchTemplate?.LaunchTemplateId).toBe(first.LaunchTemplate?.LaunchTemplateId);
    const { LaunchTemplates: all } = await standIn.ec2.send(new DescribeLaunchTemplatesCommand({}));
    expect(all).toHaveLength(1);
  });

  test('refuses the same token with other parameters', async () => {
    await create();
    expect(await errorOf(create({ LaunchTemplateName: 'other' }))).toMatch(
      /^IdempotentParameterMismatch/,
    );
  });

  test('refuses a name that is taken', async () => {
    await create();
    expect(await errorOf(create({ ClientToken: 'token-2' }))).toBe(
      'InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use.',
    );
  });

  test('returns the data as it was given', async () => {
    await create();
    const { LaunchTemplateVersions: versions } = await standIn.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({
        LaunchTemplateName: 'web',
        Versions: ['$Latest'],
      }),
    );
    expect(versions?.[0]?.LaunchTemplateData).toEqual(template.LaunchTemplateData);
    expect(versions?.[0]?.DefaultVersion).toBe(true);
  });
});

describe('a new version', () => {
  test('clones its source version and overrides what it names', async () => {
    await create();
    const version = {
      LaunchTemplateName: 'web',
      SourceVersion: '1',
      ClientToken: 'v2',
      LaunchTemplateData: { ImageId: 'ami-2' },
    };
    const { LaunchTemplateVersion: made } = await standIn.ec2.send(
      new CreateLaunchTemplateVersionCommand(version),
    );
    expect(made?.VersionNumber).toBe(2);
    expect(made?.LaunchTemplateData).toEqual({ ...template.LaunchTemplateData, ImageId: 'ami-2' });
    const { LaunchTemplateVersion: again } = await standIn.ec2.send(
      new CreateLaunchTemplateVersionCommand(version),
    );
    expect(again?.VersionNumber).toBe(2);
  });

  test('is the latest at once and the default only when told', async () => {
    await create();
    await standIn.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: 'ami-2' },
      }),
    );
    await standIn.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: 'ami-3' },
      }),
    );
    const look = async () =>
      (await standIn.ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['web'] })))
        .LaunchTemplates?.[0];
    expect(await look()).toMatchObject({ DefaultVersionNumber: 1, LatestVersionNumber: 3 });
    await standIn.ec2.send(
      new ModifyLaunchTemplateCommand({ LaunchTemplateName: 'web', DefaultVersion: '2' }),
    );
    expect(await look()).toMatchObject({ DefaultVersionNumber: 2, LatestVersionNumber: 3 });
  });
});

test('a template that is gone is not found', async () => {
  await create();
  await standIn.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: 'web' }));
  expect(
    await errorOf(
      standIn.ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['web'] })),
    ),
  ).toMatch(/^InvalidLaunchTemplateName\.NotFoundException/);
  expect(
    await errorOf(standIn.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: 'lt-0' }))),
  ).toMatch(/^InvalidLaunchTemplateId\.NotFound/);
});
