import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, expect, test } from 'vitest';
import { layGround } from './ground.js';
import { errorOf, groupOf, lifecycleStates, startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;

afterEach(async () => {
  await standIn.close();
});

async function makeGroups(count: number): Promise<readonly string[]> {
  const ground = await layGround(standIn);
  const names = Array.from(
    { length: count },
    (_, index) => `web-v${String(index).padStart(3, '0')}`,
  );
  for (const name of names)
    await standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 0, name)));
  return names;
}

async function listNames(): Promise<{ names: readonly string[]; pages: number }> {
  const names: string[] = [];
  let pages = 0;
  for await (const page of paginateDescribeAutoScalingGroups({ client: standIn.autoScaling }, {})) {
    pages += 1;
    names.push(
      ...(page.AutoScalingGroups ?? []).map(({ AutoScalingGroupName: name }) => name ?? ''),
    );
  }
  return { names, pages };
}

test('lists come in small pages, complete, and in another order each time', async () => {
  standIn = await startStandIn({ adversarial: true });
  const made = await makeGroups(23);
  const [first, second] = [await listNames(), await listNames()];
  expect(first.pages).toBe(5);
  expect(first.names.toSorted()).toEqual(made);
  expect(second.names.toSorted()).toEqual(made);
  expect(first.names).not.toEqual(second.names);
});

test('equal seeds and calls give equal ids and orders', async () => {
  const runs: (readonly string[])[] = [];
  for (let run = 0; run < 2; run += 1) {
    standIn = await startStandIn({ adversarial: true, seed: 'one' });
    await makeGroups(7);
    const { Subnets: subnets } = await standIn.ec2.send(new DescribeSubnetsCommand({}));
    runs.push([
      ...(await listNames()).names,
      ...(subnets ?? []).map(({ SubnetId: id }) => id ?? ''),
    ]);
    await standIn.close();
  }
  expect(runs[0]).toEqual(runs[1]);
});

test('a token of somebody else is refused', async () => {
  standIn = await startStandIn({ adversarial: true });
  const listing = standIn.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ NextToken: 'mine' }),
  );
  expect(await errorOf(listing)).toMatch(/^InvalidNextToken/);
});

test('a new launch template may be missing for a second, and is there afterwards', async () => {
  standIn = await startStandIn({ adversarial: { staleShare: 0.5 } });
  const sees = async (name: string) =>
    (await errorOf(
      standIn.ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] })),
    )) === 'none';
  const looks: boolean[] = [];
  for (let number = 0; number < 20; number += 1) {
    await standIn.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: `web-${number}`,
        LaunchTemplateData: { ImageId: 'ami-1' },
      }),
    );
    looks.push(await sees(`web-${number}`));
  }
  expect(new Set(looks)).toEqual(new Set([true, false]));
  await standIn.advance(1.1);
  for (let number = 0; number < 20; number += 1) expect(await sees(`web-${number}`)).toBe(true);
});

test('lifecycle states may lag by a second behind what has happened', async () => {
  standIn = await startStandIn({ adversarial: { staleShare: 0.5, pageSize: 100 } });
  const ground = await layGround(standIn);
  await standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 3)));
  await standIn.advance(9);
  const seen = new Set<string>();
  for (let look = 0; look < 30; look += 1) seen.add((await lifecycleStates(standIn)).join(' '));
  expect(seen).toEqual(new Set(['InService InService InService', 'Pending Pending Pending']));
  await standIn.advance(1.1);
  for (let look = 0; look < 10; look += 1)
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
});
