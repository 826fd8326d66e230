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
  const reads = ['DescribeSubnets', 'DescribeAccountLimits'];
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

it('plans without the facts that it may not read, and says so', async () => {
  await deny(world.control, 'DescribeSubnets');
  await deny(world.control, 'DescribeAccountLimits');
  const { warnings } = await deploy.plan(sized(150));
  expect(warnings.filter((one) => one.includes('could not be checked'))).toHaveLength(3);
});
