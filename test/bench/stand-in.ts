import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';

import { repositoryRoot } from '../support/repository-root.js';
import { startChild, type Child } from './child.js';
import { compare, inWords, median, percentile, repeat } from './figures.js';
import { load, rawCall } from './raw-load.js';
import type { Row } from './table.js';

const ROUNDS = 5;
const SECONDS = 2;
const CONNECTIONS = 3;
const SDK_CALLS = 400;
const GROUPS = 500;
const INSTANCES_EACH = 20;

/** How fast the AWS stand-in is: raw, through the SDK beside a static stub, and with ten thousand instances. */
export async function standInFigures(): Promise<readonly Row[]> {
  const standIn = await startChild(
    path.join(repositoryRoot, 'localstack/simulator/dist/main.js'),
    [],
    { STAND_IN_PORT: '0', STAND_IN_ADVERSARIAL: 'false', STAND_IN_TIME_SCALE: '200' },
  );
  try {
    const ground = await layGround(standIn);
    await makeGroups(ground, 0, 1);
    const rows = [...(await rawFigures(standIn)), await sdkFigure(standIn, ground)];
    return [...rows, ...(await manyFigures(standIn, ground))];
  } finally {
    standIn.end();
  }
}

interface BenchGround {
  readonly autoScaling: AutoScalingClient;
  readonly template: string;
  readonly subnets: readonly string[];
}

function settingsFor(endpoint: string) {
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'unused' };
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 };
}

async function layGround({ url }: Child): Promise<BenchGround> {
  const ec2 = new EC2Client(settingsFor(url));
  const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const subnets: string[] = [];
  for (const [index, letter] of ['a', 'b', 'c'].entries()) {
    const { Subnet: subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpc?.VpcId,
        CidrBlock: `10.0.${index * 64}.0/18`,
        AvailabilityZone: `eu-west-1${letter}`,
      }),
    );
    subnets.push(subnet?.SubnetId ?? '');
  }
  const { ImageId } = await ec2.send(new RegisterImageCommand({ Name: 'web-1.0.0' }));
  const { LaunchTemplate: template } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: { ImageId, InstanceType: 't3.micro' },
    }),
  );
  ec2.destroy();
  return {
    autoScaling: new AutoScalingClient(settingsFor(url)),
    template: template?.LaunchTemplateId ?? '',
    subnets,
  };
}

/** Makes groups from a number up to another, and waits until the last is whole. */
async function makeGroups(ground: BenchGround, from: number, until: number): Promise<void> {
  for (let index = from; index < until; index += 1) {
    await ground.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: `web-v${index}`,
        MinSize: INSTANCES_EACH,
        MaxSize: INSTANCES_EACH,
        VPCZoneIdentifier: ground.subnets.join(','),
        LaunchTemplate: { LaunchTemplateId: ground.template, Version: '1' },
      }),
    );
  }
  const name = `web-v${until - 1}`;
  for (let look = 0; look < 10_000; look += 1) {
    const { AutoScalingGroups: groups } = await ground.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
    );
    const members = groups?.[0]?.Instances ?? [];
    const whole = members.filter(({ LifecycleState: state }) => state === 'InService');
    if (whole.length === INSTANCES_EACH) return;
  }
  throw new Error(`${name} never became whole`);
}

/** Two reads and a change that repeats itself, of one group. */
function callsFor(port: number): readonly Buffer[] {
  const bodyOf = (action: string, rest: string) => `Action=${action}&Version=2011-01-01&${rest}`;
  return [
    bodyOf('DescribeAutoScalingGroups', 'AutoScalingGroupNames.member.1=web-v0'),
    bodyOf('DescribeScalingActivities', 'AutoScalingGroupName=web-v0&MaxRecords=5'),
    bodyOf('SetDesiredCapacity', `AutoScalingGroupName=web-v0&DesiredCapacity=${INSTANCES_EACH}`),
  ].map((body) => rawCall(port, 'autoscaling', body));
}

async function rounds(port: number) {
  const calls = callsFor(port);
  await load(port, calls, { connections: CONNECTIONS, seconds: SECONDS });
  const speeds: number[] = [];
  const medians: number[] = [];
  await repeat(ROUNDS, async () => {
    const { callsPerSecond, milliseconds } = await load(port, calls, {
      connections: CONNECTIONS,
      seconds: SECONDS,
    });
    speeds.push(callsPerSecond);
    medians.push(percentile(milliseconds, 0.5));
    return callsPerSecond;
  });
  return { perSecond: median(speeds), milliseconds: median(medians) };
}

async function rawFigures(standIn: Child): Promise<readonly Row[]> {
  const { perSecond, milliseconds } = await rounds(standIn.port);
  return [
    {
      what: `AWS stand-in, raw HTTP over ${CONNECTIONS} kept connections, client in its own process`,
      target: '≥ 2000/s, p50 < 2 ms',
      measured: `${inWords(perSecond, '')}/s, p50 ${milliseconds.toFixed(2)} ms`,
      n: ROUNDS,
      holds: perSecond >= 2000 && milliseconds < 2,
    },
  ];
}

async function sdkFigure(standIn: Child, ground: BenchGround): Promise<Row> {
  const ask = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web-v0'] });
  const folder = mkdtempSync(path.join(tmpdir(), 'stub-'));
  const file = path.join(folder, 'reply.xml');
  writeFileSync(file, await replyOf(standIn));
  const stub = await startChild(path.join(import.meta.dirname, 'static-stub.js'), [file], {});
  const stubbed = new AutoScalingClient(settingsFor(stub.url));
  try {
    const timed = async (client: AutoScalingClient): Promise<number> => {
      const begun = performance.now();
      for (let call = 0; call < SDK_CALLS; call += 1) await client.send(ask);
      return performance.now() - begun;
    };
    await timed(ground.autoScaling);
    await timed(stubbed);
    const { ours, peers, ratios } = await compare(
      ROUNDS,
      async () => timed(ground.autoScaling),
      async () => timed(stubbed),
    );
    const ratio = median(ratios);
    const each = (samples: readonly number[]) => (median(samples) / SDK_CALLS).toFixed(2);
    return {
      what: 'AWS stand-in, a describe through the SDK, beside a static stub of the same answer',
      target: '≤ 1.15',
      measured: `${each(ours)} ms, stub ${each(peers)} ms`,
      ratio: ratio.toFixed(2),
      n: ours.length,
      holds: ratio <= 1.15,
    };
  } finally {
    stub.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the stand-in answers to the call, for the stub to say the same. */
async function replyOf({ url }: Child): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'Credential=111111111111/20260101/eu-west-1/autoscaling/aws4_request',
    },
    body: 'Action=DescribeAutoScalingGroups&Version=2011-01-01&AutoScalingGroupNames.member.1=web-v0',
  });
  return response.text();
}

async function manyFigures(standIn: Child, ground: BenchGround): Promise<readonly Row[]> {
  const memoryBefore = standIn.memoryMiB();
  const describe = callsFor(standIn.port).slice(0, 1);
  const look = async (): Promise<number> => {
    const { milliseconds } = await load(standIn.port, describe, { connections: 1, seconds: 1 });
    return percentile(milliseconds, 0.5);
  };
  const few = median(await repeat(ROUNDS, look));
  await makeGroups(ground, 1, GROUPS);
  const many = median(await repeat(ROUNDS, look));
  const count = GROUPS * INSTANCES_EACH;
  return [
    {
      what: `AWS stand-in, describe of one group among ${count} instances in ${GROUPS} groups, beside one group alone`,
      target: '≤ 1.25',
      measured: `p50 ${many.toFixed(2)} ms, alone ${few.toFixed(2)} ms`,
      ratio: (many / few).toFixed(2),
      n: ROUNDS,
      holds: many / few <= 1.25,
    },
    {
      what: `AWS stand-in, memory with ${count} instances`,
      target: 'stated',
      measured: `${standIn.memoryMiB() ?? '?'} MiB, before ${memoryBefore ?? '?'} MiB`,
      n: 1,
      holds: true,
    },
  ];
}
