import type { PlanDeployInput } from '@gennaker/contract/wire';
import type { CanaryStrategy, DeployPlan } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { operation, type AwsWorld } from '../../support/activities/aws-world.js';
import { deny } from '../../support/activities/faults.js';
import { redBlackStage } from '../../support/activities/red-black.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});

const step = { weightPercent: 10, pause: { minutes: 55 } } as const;

function plan(changes: Partial<CanaryStrategy> = {}): Promise<DeployPlan> {
  const strategy: CanaryStrategy = { type: 'canary', steps: [step], ...changes };
  const input: PlanDeployInput = {
    context: operation('plan', 'web-prod'),
    application: 'web',
    stage: { ...redBlackStage, strategy, timeoutSeconds: 100_000 },
    imageId: world.seeded.imageIds['1.1.0'],
    acceptedServerGroup: null,
    knownServerGroups: null,
  };
  return world.run('planDeploy', input);
}

/** A day of so many requests a second. */
async function aDayOf(requestsPerSecond: number): Promise<void> {
  await world.control.startTraffic('web-prod', requestsPerSecond);
  await world.advance(24 * 3600);
}

describe('planning a canary', () => {
  it('says from the last day what a step will have and what rise it catches', async () => {
    await aDayOf(50);
    const { warnings } = await plan();
    expect(warnings.join()).toMatch(
      /Step 10 %: 55 minutes at 10 %: about 1[56]\d{3} requests in 53 minutes for the experiment, 1[56]\d{3} in 53 for the control; a rise of errors by 0\.\d+ % of requests is caught 4 times of 5\./,
    );
  });

  it('finds the default action of the listener, and leaves it as it is', async () => {
    await aDayOf(50);
    const { steps } = await plan();
    const [attach] = steps.filter(({ operation: one }) => one === 'setRuleWeights');
    expect(attach).toMatchObject({ rule: { arn: world.seeded.listenerArn } });
    const changing = (await world.calls()).filter(({ action }) => !/^(Describe|Get)/.test(action));
    expect(changing).toEqual([]);
  });

  it('refuses too little traffic and proposes what would do, each of which then does', async () => {
    // About 2.4 requests a minute for the canary: a tenth of them in each minute is not enough.
    await aDayOf(0.4);
    const refusal = await plan().then(
      () => '',
      (error: unknown) => String(error),
    );
    const [, minutes, percent] = /(\d+) minutes or (\d+) % would do/.exec(refusal) ?? [];
    expect(refusal).toContain("the last day's traffic is too little to judge by");
    const longer = { ...step, pause: { minutes: Number(minutes) } };
    const larger = { ...step, weightPercent: Number(percent) };
    await expect(plan({ steps: [longer] })).resolves.toMatchObject({ strategy: 'canary' });
    await expect(plan({ steps: [larger] })).resolves.toMatchObject({ strategy: 'canary' });
  });

  it('takes lower minima, and too little traffic where that is accepted', async () => {
    await aDayOf(0.4);
    await expect(plan({ analysis: { requestsMin: 20, pointsMin: 20 } })).resolves.toMatchObject({
      strategy: 'canary',
    });
    const accepted = await plan({ acceptTooLittleTraffic: true });
    expect(accepted.warnings.join()).toContain('are needed in each arm');
  });

  it('counts both of its fleets against what AWS has room for', async () => {
    await aDayOf(50);
    const used = 2 * world.seeded.instanceIds.length;
    await world.control.quota('standardVcpus', used + 239);
    await expect(plan({ instances: 60 })).rejects.toMatchObject({
      type: 'AWS_QUOTA',
      message: expect.stringContaining('it needs 240 more vCPUs of Standard On-Demand') as string,
    });
    await expect(plan({ instances: 60, baseline: 'running' })).resolves.toBeDefined();
  });

  it('refuses where there was no request at all', async () => {
    await expect(plan()).rejects.toThrow('there was no request in the last day');
  });

  it('says in AWS words that the metrics may not be read', async () => {
    await aDayOf(50);
    await deny(world.control, 'GetMetricData');
    await expect(plan()).rejects.toMatchObject({ type: 'AWS_DENIED', nonRetryable: true });
  });

  it('makes its fleets with an expiry that they carry', async () => {
    await aDayOf(50);
    const planned = await plan({ baseline: 'running' });
    const made = planned.steps.find(({ id }) => id === 'create:canary');
    if (made?.operation !== 'createServerGroup' || made.temporary === undefined) {
      throw new Error('the plan makes no canary');
    }
    const { temporary } = made;
    const target = { ...temporary, targetGroupArns: [world.seeded.targetGroupArn] };
    const context = operation('create:canary', temporary.serverGroup);
    await world.run('createServerGroup', { context, cluster: planned.cluster, target });
    await world.settle();
    const region = world.aws.region('main', 'eu-west-1');
    const [group] = await region.describeServerGroups([temporary.serverGroup], {
      priority: 'screen',
    });
    expect(group?.tags).toMatchObject({
      'gennaker:stage': 'deploy',
      'gennaker:expires': temporary.expiresAt,
    });
  });
});
