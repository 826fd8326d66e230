import { expect, it } from 'vitest';
import { deny } from '../../support/activities/faults.js';
import { redBlackStage, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';
import type { AwsWorld } from '../../support/activities/aws-world.js';

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});

function sized(desired: number) {
  return { ...redBlackStage, capacity: { min: desired, desired, max: desired } };
}

async function limitCalls(): Promise<readonly string[]> {
  const reads = [
    'DescribeSubnets',
    'DescribeAccountLimits',
    'GetServiceQuota',
    'DescribeInstanceTypes',
  ];
  return (await world.calls()).map((call) => call.action).filter((one) => reads.includes(one));
}

async function preview(desired: number) {
  const { plans } = await world.run('previewPlans', {
    inputVersion: 1,
    look: 'plan',
    application: 'web',
    stages: [{ stage: sized(desired), imageId: world.seeded.imageIds['1.1.0'] }],
  });
  return plans[0];
}

it('reads no limits when a deploy of up to a hundred instances runs, and always for a preview', async () => {
  await deploy.plan(sized(100));
  expect(await limitCalls()).toEqual([]);
  expect((await preview(100))?.error).toBeNull();
  expect(await limitCalls()).toContain('DescribeAccountLimits');
  expect(await limitCalls()).toContain('DescribeSubnets');
  expect(await limitCalls()).toContain('GetServiceQuota');
  expect(await limitCalls()).toContain('DescribeInstanceTypes');
});

it('checks a rolling deploy too, for what its refresh launches beforehand, and notes its plan', async () => {
  const { plans } = await world.run('previewPlans', {
    inputVersion: 1,
    look: 'plan',
    application: 'web',
    stages: [
      {
        stage: { ...redBlackStage, strategy: { type: 'rolling' } },
        imageId: world.seeded.imageIds['1.1.0'],
      },
    ],
  });
  expect(plans[0]?.error).toBeNull();
  expect(await limitCalls()).toContain('DescribeSubnets');
  expect(world.history.plans).toEqual([]);
  await deploy.plan({ ...redBlackStage, strategy: { type: 'rolling' } });
  expect(world.history.plans).toMatchObject([{ stage: 'deploy', attempt: 1 }]);
});

it('refuses to run what cannot fit, in numbers, and reserves no name for it', async () => {
  await expect(deploy.plan(sized(1_500))).rejects.toMatchObject({
    type: 'AWS_QUOTA',
    nonRetryable: true,
    message: expect.stringMatching(/are free|1000 are allowed/) as string,
  });
  expect(world.names.reserved.size).toBe(0);
});

it('refuses what there are no vCPUs for, counted over all that runs in the region', async () => {
  const serving = world.seeded.instanceIds.length;
  await world.control.quota('standardVcpus', 400);
  const { error } = (await preview(250)) ?? {};
  expect(error).toMatchObject({ code: 'AWS_QUOTA' });
  expect(error?.message).toContain(
    `it needs 500 more vCPUs of Standard On-Demand, ${400 - 2 * serving} of 400 are free`,
  );
  await world.control.quota('standardVcpus', 500 + 2 * serving);
  expect((await preview(250))?.plan?.warnings.at(-1)).toContain('Close to the limit: it needs 500');
});

it('goes by the targets that AWS allows this account in a target group', async () => {
  await world.control.quota('targetsPerTargetGroup', 150);
  expect((await preview(150))?.error?.message).toMatch(
    /150 more targets in target group \S+ make 15\d, 150 are allowed/,
  );
  await world.control.quota('targetsPerTargetGroup', 3_000);
  expect((await preview(150))?.error).toBeNull();
});

async function uncheckedWithout(...actions: readonly string[]): Promise<readonly string[]> {
  for (const action of actions) await deny(world.control, action);
  const { warnings } = await deploy.plan(sized(150));
  return warnings.flatMap((one) => /^(.*) could not be checked: /.exec(one)?.[1] ?? []);
}

it('plans without the facts that it may not read, and says so', async () => {
  expect(await uncheckedWithout('DescribeSubnets', 'DescribeAccountLimits')).toEqual([
    'The free addresses',
    'The room for targets',
    'The room for Auto Scaling groups',
  ]);
});

it('plans without quotas, too, and then takes the default for the targets', async () => {
  expect(await uncheckedWithout('GetServiceQuota')).toEqual([
    'The quota of targets in a target group',
    'The vCPUs',
  ]);
});
