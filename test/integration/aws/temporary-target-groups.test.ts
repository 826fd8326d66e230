import {
  CreateTargetGroupCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  type Tag,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CreateTargetGroupRequest, TargetGroupSettings } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, startBench, type AwsBench } from './aws-bench.js';
import { layColours, weightsOf, type ColoursGround } from './colours-ground.js';
import { testWrites } from './standard-write-cases.js';
import { outcomeOf } from './write-requests.js';

const owner = { executionId: '01K0000000000000000000000A', stage: 'deploy', operationKey: 'key' };
const expiresAt = '2026-12-01T00:00:00.000Z';

let bench: AwsBench;
let colours: ColoursGround;
/** Of a group that has nothing as AWS would have it. */
let settings: TargetGroupSettings;
let special: string;

beforeEach(async () => {
  bench = await startBench();
  colours = await layColours(bench);
  const { elb } = bench.bare;
  const original = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'special',
      Protocol: 'HTTPS',
      Port: 8443,
      VpcId: bench.ground.vpcId,
      HealthCheckPath: '/alive',
      HealthCheckIntervalSeconds: 7,
      HealthCheckTimeoutSeconds: 3,
      HealthyThresholdCount: 3,
      Matcher: { HttpCode: '200-204' },
    }),
  );
  special = original.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const Attributes = [
    { Key: 'deregistration_delay.timeout_seconds', Value: '17' },
    { Key: 'stickiness.enabled', Value: 'true' },
  ];
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: special, Attributes }));
  settings = await bench.region.readTargetGroupSettings(special, asWrite);
});

afterEach(() => bench.close());

function request(name = 'web-b'): CreateTargetGroupRequest {
  return { name, settings, owner, expiresAt };
}

async function made(name = 'web-b'): Promise<string> {
  await bench.region.createTargetGroup(request(name), asWrite);
  return (await bench.region.findTargetGroup(name, asWrite))?.arn ?? '';
}

function tagsIn(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** What AWS shows of a target group, but for its name. */
async function shown(arn: string) {
  const { elb } = bench.bare;
  const groups = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
  const { TargetGroupArn: _arn, TargetGroupName: _name, ...rest } = groups.TargetGroups?.[0] ?? {};
  const query = new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn });
  return { ...rest, attributes: (await elb.send(query)).Attributes };
}

test('a copy is as the original in every setting and attribute', async () => {
  const arn = await made();
  await bench.region.writeTargetGroupAttributes({ targetGroupArn: arn, settings }, asWrite);
  expect(await shown(arn)).toEqual(await shown(special));
});

test('a copy says whose it is and until when it is needed', async () => {
  const arn = await made();
  const { TagDescriptions } = await bench.bare.elb.send(
    new DescribeTagsCommand({ ResourceArns: [arn] }),
  );
  const tags = tagsIn(TagDescriptions?.[0]?.Tags);
  expect(tags).toMatchObject({
    'gennaker:execution': owner.executionId,
    'gennaker:stage': 'deploy',
    'gennaker:expires': expiresAt,
  });
  expect((await bench.region.findTargetGroup('web-b', asWrite))?.tags).toEqual(tags);
});

test('a name that nobody has is found by nobody', async () => {
  expect(await bench.region.findTargetGroup('nobody', asWrite)).toBeUndefined();
});

test('a name with other settings is taken', async () => {
  const taken = await bench.region.createTargetGroup(request('web-green'), asWrite);
  expect(taken).toEqual({ outcome: 'alreadyExists' });
});

test('one that a rule forwards to is not deleted', async () => {
  const found = await bench.region.describeRule(colours.ruleArn, asWrite);
  const targetGroupArn = await made();
  const weights = [...weightsOf(colours, 0), { targetGroupArn, weight: 0 }];
  await bench.region.writeWeights({ found, weights }, asWrite);
  const refused = await outcomeOf(bench.region.deleteTargetGroup(targetGroupArn, asWrite));
  expect(refused).toMatchObject({ code: 'AWS_CONFLICT' });
});

let arn: string;
const forMade = async (): Promise<void> => {
  arn = await made();
};
const forGone = async (): Promise<void> => {
  await forMade();
  await bench.region.deleteTargetGroup(arn, asWrite);
};

testWrites(
  () => bench,
  [
    {
      action: 'CreateTargetGroup',
      prepare: async () => {},
      run: async (options) =>
        (await bench.region.createTargetGroup(request(), options)).outcome === 'created'
          ? 'created'
          : 'taken',
      again: 'created',
    },
    {
      action: 'ModifyTargetGroupAttributes',
      prepare: forMade,
      run: (options) =>
        bench.region.writeTargetGroupAttributes({ targetGroupArn: arn, settings }, options),
      again: 'done',
      vanished: { prepare: forGone, outcome: { code: 'AWS_NOT_FOUND' } },
    },
    {
      action: 'DeleteTargetGroup',
      prepare: forMade,
      run: (options) => bench.region.deleteTargetGroup(arn, options),
      again: { outcome: 'gone' },
      vanished: { prepare: forGone, outcome: { outcome: 'gone' } },
    },
  ],
);
