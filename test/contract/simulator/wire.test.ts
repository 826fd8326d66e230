import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeVpcsCommand, EC2Client, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { CreateLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { layGround } from './ground.js';
import { clientSettings, errorOf, startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn();
});

afterEach(async () => {
  await standIn.close();
});

async function post(
  body: string,
  service = 'autoscaling',
  signed = true,
): Promise<{ status: number; text: string; date: string | null }> {
  const authorization = `AWS4-HMAC-SHA256 Credential=111111111111/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const response = await fetch(standIn.running.url, {
    method: 'POST',
    body,
    headers: signed ? { authorization } : {},
  });
  return {
    status: response.status,
    text: await response.text(),
    date: response.headers.get('date'),
  };
}

describe('a request is refused', () => {
  test.each([
    [
      'an unknown parameter of EC2',
      'Action=DescribeVpcs&Version=2016-11-15&Colour=red',
      'ec2',
      400,
      /<Code>UnknownParameter<\/Code>.*The parameter Colour is not recognized/,
    ],
    [
      'an unknown nested parameter',
      'Action=DescribeVpcs&Version=2016-11-15&Filter.1.Nam=red',
      'ec2',
      400,
      /The parameter Filter\.1\.Nam is not recognized/,
    ],
    [
      'an unknown parameter of Auto Scaling',
      'Action=DescribeAutoScalingGroups&Version=2011-01-01&Colour=red',
      'autoscaling',
      400,
      /<Code>ValidationError<\/Code>.*Colour/,
    ],
    [
      'an unknown operation',
      'Action=Fly&Version=2011-01-01',
      'autoscaling',
      400,
      /<Code>InvalidAction<\/Code>/,
    ],
    [
      'an unknown version',
      'Action=DescribeAutoScalingGroups&Version=1999-01-01',
      'autoscaling',
      400,
      /<Code>InvalidAction<\/Code>/,
    ],
    [
      'a missing member',
      'Action=SetDesiredCapacity&Version=2011-01-01&AutoScalingGroupName=a',
      'autoscaling',
      400,
      /Value null at &apos;desiredCapacity&apos;/,
    ],
    [
      'a wrong type',
      'Action=SetDesiredCapacity&Version=2011-01-01&AutoScalingGroupName=a&DesiredCapacity=many',
      'autoscaling',
      400,
      /MalformedInput/,
    ],
    [
      'an operation that is not there',
      'Action=DescribeLoadBalancers&Version=2011-01-01&AutoScalingGroupName=a',
      'autoscaling',
      501,
      /<Code>InternalFailure<\/Code>/,
    ],
    [
      'a service that is not there',
      'Action=ListQueues&Version=2012-11-05',
      'sqs',
      501,
      /not yet implemented/,
    ],
    ['no action', 'Version=2011-01-01', 'autoscaling', 400, /MissingAction/],
    ['broken encoding', 'Action=%E0%A4%A', 'autoscaling', 400, /MalformedQueryString/],
  ])('for %s', async (_, body, service, status, text) => {
    const reply = await post(body, service);
    expect(reply.status).toBe(status);
    expect(reply.text).toMatch(text);
  });

  test('for a missing signature', async () => {
    expect(await post('Action=DescribeVpcs&Version=2016-11-15', 'ec2', false)).toMatchObject({
      status: 403,
    });
  });

  test('for a body above one MiB', async () => {
    expect(
      await post(`Action=DescribeVpcs&Version=2016-11-15&Colour=${'x'.repeat(1024 * 1024)}`, 'ec2'),
    ).toMatchObject({ status: 413 });
  });
});

test('an operation that is not there is an error of the SDK too, and the list of those that are is on a route', async () => {
  expect(await errorOf(standIn.ec2.send(new DescribeVolumesCommand({})))).toMatch(
    /^InternalFailure: .*DescribeVolumes/,
  );
  const { body } = await standIn.control<Record<string, string[]>>('GET', '/operations');
  expect(body['ec2']).toContain('DescribeInstances');
  expect(body['ec2']).not.toContain('DescribeVolumes');
  expect(Object.values(body).flat().length).toBeGreaterThan(80);
});

test('modelled errors arrive as their classes, and missing members are refused before anything else', async () => {
  const { subnetIds } = await layGround(standIn);
  const taken = standIn.elb.send(
    new CreateLoadBalancerCommand({ Name: 'web', Subnets: [...subnetIds].slice(0, 2) }),
  );
  expect(await errorOf(taken)).toMatch(/^DuplicateLoadBalancerNameException/);
  const empty = standIn.autoScaling.send(
    new CreateAutoScalingGroupCommand({ AutoScalingGroupName: 'a' } as never),
  );
  expect(await errorOf(empty)).toMatch(/^ValidationError: .*'minSize'/);
});

test('dry runs say that they would have succeeded', async () => {
  expect(await errorOf(standIn.ec2.send(new DescribeVpcsCommand({ DryRun: true })))).toMatch(
    /^DryRunOperation/,
  );
});

test('replies bear simulated time', async () => {
  const dateOfReply = async () => {
    const { date } = await post('Action=DescribeVpcs&Version=2016-11-15', 'ec2');
    return Date.parse(date ?? '');
  };
  const before = await dateOfReply();
  await standIn.advance(86_400);
  expect((await dateOfReply()) - before).toBe(86_400_000);
});

describe('accounts', () => {
  test('come from a key of twelve digits, any other key is the default one', async () => {
    expect(await standIn.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '111111111111',
    });
    const other = new STSClient(clientSettings(standIn.running.url, 'AKIAOTHER'));
    expect(await other.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '000000000000',
    });
    other.destroy();
  });

  test('are entered by assuming a role, and see nothing of each other', async () => {
    await layGround(standIn);
    const role = {
      RoleArn: 'arn:aws:iam::222222222222:role/deployer',
      RoleSessionName: 'gennaker',
    };
    const { Credentials: given } = await standIn.sts.send(new AssumeRoleCommand(role));
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    const settings = { ...clientSettings(standIn.running.url, ''), credentials };
    const [sts, ec2] = [new STSClient(settings), new EC2Client(settings)];
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '222222222222',
      Arn: 'arn:aws:sts::222222222222:assumed-role/deployer/gennaker',
    });
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
    expect((await standIn.ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
    sts.destroy();
    ec2.destroy();
  });
});

test('an empty listing is an empty list', async () => {
  expect(
    (await standIn.autoScaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups,
  ).toEqual([]);
});
