import type { PlanDeployInput } from '@gennaker/contract/wire';
import type { DeployStage } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import {
  isReadAction,
  account,
  operation,
  region,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, throttleOnce } from '../../support/activities/faults.js';
import { placeOf, RichGroup } from '../../support/activities/rich-group.js';
import {
  newGroup,
  oldGroup,
  redBlackStage,
  type RedBlack,
} from '../../support/activities/red-black.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';
import type { OtherHands } from '../../support/activities/other-hands.js';

let world: AwsWorld;
let others: OtherHands;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, others, deploy } = given);
});

function input(changes: Partial<PlanDeployInput> = {}): PlanDeployInput {
  return {
    context: operation('plan', 'web-prod'),
    application: 'web',
    stage: redBlackStage,
    imageId: world.seeded.imageIds['1.1.0'],
    acceptedServerGroup: null,
    knownServerGroups: null,
    ...changes,
  };
}

function plan(changes: Partial<PlanDeployInput> = {}, attempt = 1) {
  return world.run('planDeploy', input(changes), attempt);
}

async function wroteNothing(): Promise<boolean> {
  const calls = await world.calls();
  return calls.every((call) => isReadAction(call.action));
}

describe('planning a deploy', () => {
  it('inherits everything from the serving group, as ids, and pins the template version', async () => {
    const planned = await plan();
    expect(planned).toMatchObject({
      source: { serverGroup: oldGroup, imageId: world.seeded.imageIds['1.0.0'] },
      disables: [oldGroup],
      target: {
        serverGroup: newGroup,
        imageId: world.seeded.imageIds['1.1.0'],
        capacity: { min: 3, desired: 3, max: 3 },
        targetGroupArns: [world.seeded.targetGroupArn],
        healthCheckType: 'ELB',
        launchTemplate: {
          clonedFrom: { launchTemplateId: world.seeded.launchTemplateId, version: '1' },
        },
      },
    });
    expect(planned.target.subnetIds.toSorted()).toEqual(world.seeded.subnetIds.toSorted());
    expect(await wroteNothing()).toBe(true);
  });

  it('gives the same attempt the same name again, and another attempt the next one', async () => {
    const names = [
      await plan(),
      await plan({}, 2),
      await plan({ context: operation('plan', 'web-prod', { attempt: 2 }) }),
    ].map((planned) => planned.target.serverGroup);
    expect(names).toEqual(['web-prod-v001', 'web-prod-v001', 'web-prod-v002']);
  });

  it('refuses, before the name is reserved, what would be lost; item by item', async () => {
    await others.protect(oldGroup);
    const rich = new RichGroup(placeOf(world), oldGroup);
    const arn = await rich.scaleBySteps();
    await rich.putAlarm('disk-full', {
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 90,
      AlarmActions: [arn],
      Dimensions: [{ Name: 'InstanceId', Value: 'i-0123456789abcdef0' }],
    });
    await rich.mixInstances(world.seeded.launchTemplateId, [
      { InstanceType: 't3.micro', WeightedCapacity: '1' },
    ]);
    rich.close();
    const lost = ['deletionProtection', 'alarm:disk-full', 'mixedInstancesPolicy.weightedCapacity'];
    const refusal: unknown = await plan().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ type: 'NOT_CARRIED_OVER', nonRetryable: true });
    for (const item of lost) expect(String(refusal)).toContain(item);
    expect(world.names.reserved.size).toBe(0);
    const stage = { ...redBlackStage, acceptNotCopied: lost };
    await expect(plan({ stage })).resolves.toMatchObject({ target: { serverGroup: newGroup } });
  });

  it('refuses a target group that no listener uses', async () => {
    const arn = await others.attachUnusedTargetGroup(oldGroup);
    await expect(plan()).rejects.toMatchObject({
      type: 'INVALID_REQUEST',
      message: expect.stringContaining(arn) as string,
    });
    expect(world.names.reserved.size).toBe(0);
  });

  it('refuses when a newer execution has deployed meanwhile, unless told otherwise', async () => {
    await deploy.create(await deploy.plan());
    const older = operation('plan', 'web-prod', { executionId: '01K00000000000000000000009' });
    await expect(plan({ context: older })).rejects.toMatchObject({
      type: 'CLUSTER_MOVED_ON',
      message: expect.stringContaining(newGroup) as string,
    });
    const accepted = { context: older, acceptedServerGroup: newGroup };
    await expect(plan(accepted)).resolves.toMatchObject({ cluster: { cluster: 'web-prod' } });
  });

  it('refuses a retry when there is a group that its last attempt did not know', async () => {
    const retry = { context: operation('plan', 'web-prod', { attempt: 2 }) };
    await expect(plan({ ...retry, knownServerGroups: [] })).rejects.toMatchObject({
      type: 'CLUSTER_MOVED_ON',
    });
    await expect(plan({ ...retry, knownServerGroups: [oldGroup] })).resolves.toBeDefined();
  });

  it('passes on what AWS says when it is denied or throttled', async () => {
    await throttleOnce(world.control, 'DescribePolicies');
    await expect(plan()).rejects.toMatchObject({ type: 'AWS_THROTTLED', nonRetryable: false });
    await deny(world.control, 'DescribePolicies');
    await expect(plan()).rejects.toMatchObject({ type: 'AWS_DENIED', nonRetryable: true });
  });
});

describe('previewing plans', () => {
  it('shows the same plan, reserves nothing, and keeps the refusals apart', async () => {
    const elsewhere: DeployStage = { ...redBlackStage, refId: 'first', stack: 'empty' };
    const { plans } = await world.run('previewPlans', {
      inputVersion: 1,
      look: 'plan',
      application: 'web',
      stages: [
        { stage: redBlackStage, imageId: null },
        { stage: elsewhere, imageId: 'ami-00000001' },
      ],
    });
    expect(plans).toMatchObject([
      { refId: 'deploy', plan: { target: { serverGroup: newGroup } }, error: null },
      { refId: 'first', plan: null, error: { code: 'SOURCE_NOT_FOUND' } },
    ]);
    expect(plans[0]?.plan?.warnings.join()).toContain('what stage "find" will find');
    expect(world.names.reserved.size).toBe(0);
    expect(await wroteNothing()).toBe(true);
  });
});

describe('finding an image', () => {
  it('takes the newest of the owner by name, or says what it looked for', async () => {
    const stage = {
      type: 'findImage',
      refId: 'find',
      name: 'Find',
      requisiteStageRefIds: [],
      timeoutSeconds: 60,
      account,
      region,
      owners: ['self'],
    } as const;
    const context = operation('find', 'find');
    await expect(
      world.run('findImage', { context, stage: { ...stage, imageName: 'web-1.1.0' } }),
    ).resolves.toMatchObject({ imageId: world.seeded.imageIds['1.1.0'], imageName: 'web-1.1.0' });
    await expect(
      world.run('findImage', { context, stage: { ...stage, tags: { version: '9' } } }),
    ).rejects.toMatchObject({
      type: 'IMAGE_NOT_FOUND',
      message: expect.stringContaining('version=9') as string,
    });
  });
});
