import {
  isMadeByOperation,
  isOwnedBy,
  operationToken,
  ownerTagKeys,
  type CallOptions,
  type CreateAutoScalingGroupRequest,
  type CreateLaunchTemplateRequest,
} from '@gennaker/aws';
import { GennakerError } from '@gennaker/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { groupOf } from '../../contract/simulator/stand-in.js';
import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { asWrite, denied, startBench, type AwsBench } from './aws-bench.js';

let bench: AwsBench;

beforeEach(async () => {
  bench = await startBench();
});

afterEach(async () => {
  await bench.close();
});

const owner = {
  executionId: '01JEXECUTION',
  stage: 'deploy',
  operationKey: '01JEXECUTION/deploy/1/create/web-v001',
};

async function templateRequest(): Promise<CreateLaunchTemplateRequest> {
  const query = { launchTemplateId: bench.ground.templateId, version: '$Latest' };
  const source = await bench.region.describeLaunchTemplateVersion(query, asWrite);
  return {
    launchTemplateName: 'web-v001',
    source: source.data,
    overrides: { imageId: bench.ground.imageId, instanceType: 'm7i.large' },
    owner,
  };
}

function groupRequest(): CreateAutoScalingGroupRequest {
  return {
    serverGroup: 'web-v001',
    launchTemplate: { launchTemplateId: bench.ground.templateId, version: '1' },
    subnetIds: bench.ground.subnetIds,
    targetGroupArns: [bench.ground.targetGroupArn],
    healthCheckType: 'ELB',
    healthCheckGraceSeconds: 600,
    cooldownSeconds: 10,
    terminationPolicies: ['OldestInstance'],
    tags: [
      { key: 'team', value: 'web', propagateAtLaunch: true },
      { key: ownerTagKeys.execution, value: 'somebody-else', propagateAtLaunch: true },
    ],
    owner,
  };
}

async function makeGroup(name: string, size: number): Promise<readonly string[]> {
  await bench.standIn.autoScaling.send(
    new CreateAutoScalingGroupCommand(groupOf(bench.ground, size, name)),
  );
  await bench.standIn.advance(60);
  const [group] = await bench.region.describeServerGroups([name], asWrite);
  return (group?.view.instances ?? []).map(({ instanceId }) => instanceId);
}

interface WriteCase {
  readonly action: string;
  readonly prepare: () => Promise<void>;
  readonly run: (options: CallOptions) => Promise<unknown>;
  /** What the same call says when it is already done. */
  readonly again: unknown;
  /** What it says when its subject is not there; absent: it has none. */
  readonly vanished?: { readonly prepare: () => Promise<void>; readonly outcome: unknown };
}

const nothing = async (): Promise<void> => undefined;
let template: CreateLaunchTemplateRequest;
let instances: readonly string[] = [];

const writes: readonly WriteCase[] = [
  {
    action: 'CreateLaunchTemplate',
    prepare: async () => void (template = await templateRequest()),
    run: (options) => bench.region.createLaunchTemplate(template, options),
    again: { outcome: 'created' },
  },
  {
    action: 'CreateAutoScalingGroup',
    prepare: nothing,
    run: (options) => bench.region.createAutoScalingGroup(groupRequest(), options),
    again: { outcome: 'alreadyExists' },
  },
  {
    action: 'UpdateAutoScalingGroup',
    prepare: async () => void (await makeGroup('web-v001', 0)),
    run: (options) =>
      bench.region.updateCapacity('web-v001', { min: 1, desired: 2, max: 3 }, options),
    again: undefined,
    vanished: { prepare: nothing, outcome: { code: 'AWS_NOT_FOUND' } },
  },
  {
    action: 'SuspendProcesses',
    prepare: async () => void (await makeGroup('web-v001', 0)),
    run: (options) => bench.region.suspendProcesses('web-v001', ['Launch'], options),
    again: undefined,
    vanished: { prepare: nothing, outcome: { code: 'AWS_NOT_FOUND' } },
  },
  {
    action: 'ResumeProcesses',
    prepare: async () => void (await makeGroup('web-v001', 0)),
    run: (options) => bench.region.resumeProcesses('web-v001', ['Launch'], options),
    again: undefined,
    vanished: { prepare: nothing, outcome: { code: 'AWS_NOT_FOUND' } },
  },
  {
    action: 'RegisterTargets',
    prepare: async () => void (instances = await makeGroup('web-v001', 2)),
    run: (options) => bench.region.registerTargets(bench.ground.targetGroupArn, instances, options),
    again: undefined,
    vanished: {
      prepare: async () => void (instances = ['i-0123456789abcdef0']),
      outcome: { code: 'AWS_CONFLICT' },
    },
  },
  {
    action: 'DeregisterTargets',
    prepare: async () => void (instances = await makeGroup('web-v001', 2)),
    run: (options) =>
      bench.region.deregisterTargets(bench.ground.targetGroupArn, instances, options),
    again: undefined,
  },
  {
    action: 'SetInstanceHealth',
    prepare: async () => void (instances = await makeGroup('web-v001', 1)),
    run: (options) => bench.region.setInstanceHealth(instances[0] ?? '', 'Healthy', options),
    again: undefined,
    vanished: {
      prepare: async () => void (instances = ['i-0123456789abcdef0']),
      outcome: { code: 'AWS_NOT_FOUND' },
    },
  },
  {
    action: 'DeleteAutoScalingGroup',
    prepare: async () => void (await makeGroup('web-v001', 0)),
    run: (options) =>
      bench.region.deleteAutoScalingGroup({ serverGroup: 'web-v001', force: true }, options),
    again: { outcome: expect.stringMatching(/^(gone|deleting|accepted)$/) },
    vanished: { prepare: nothing, outcome: { outcome: 'gone' } },
  },
  {
    action: 'DeleteLaunchTemplate',
    prepare: nothing,
    run: (options) => bench.region.deleteLaunchTemplate(bench.ground.templateId, options),
    again: { outcome: 'gone' },
    vanished: {
      prepare: async () => {
        await bench.region.deleteLaunchTemplate(bench.ground.templateId, asWrite);
      },
      outcome: { outcome: 'gone' },
    },
  },
];

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => {
    if (!(error instanceof GennakerError)) throw error;
    return { code: error.code, message: error.message, details: error.details };
  });
}

describe.each(writes)('$action', (write) => {
  test('is one call, asked for right before it leaves, and harmless when repeated', async () => {
    await write.prepare();
    await bench.calls();
    const asked: string[] = [];
    const first = await write.run({ priority: 'write', mayWrite: () => void asked.push('asked') });
    expect(first ?? {}).not.toHaveProperty('code');
    expect((await bench.calls()).map(({ action }) => action)).toEqual([write.action]);
    expect(asked).toEqual(['asked']);
    const again = await outcomeOf(write.run(asWrite));
    expect(again).toEqual(
      write.again === undefined ? undefined : expect.objectContaining(write.again as object),
    );
  });

  test('does not leave once the lease is lost', async () => {
    await write.prepare();
    await bench.calls();
    const mayWrite = (): void => {
      throw new GennakerError('LEASE_LOST', 'The last heartbeat is too old.');
    };
    const outcome = await outcomeOf(write.run({ priority: 'write', mayWrite }));
    expect(outcome).toMatchObject({ code: 'LEASE_LOST' });
    expect(await bench.calls()).toEqual([]);
  });

  test('says that the outcome is unknown when the reply is lost, and a repeat is harmless', async () => {
    await write.prepare();
    await bench.fault({
      action: write.action,
      point: 'after',
      effect: { kind: 'reset' },
      times: 1,
    });
    expect(await outcomeOf(write.run(asWrite))).toMatchObject({ code: 'AWS_UNAVAILABLE' });
    const again = await outcomeOf(write.run(asWrite));
    expect(again).toEqual(
      write.again === undefined ? undefined : expect.objectContaining(write.again as object),
    );
  });

  test('is throttled as a passing trouble and sent once', async () => {
    await write.prepare();
    await bench.calls();
    await bench.fault({ action: write.action, effect: { kind: 'throttle' }, times: 1 });
    expect(await outcomeOf(write.run(asWrite))).toMatchObject({ code: 'AWS_THROTTLED' });
    expect(await bench.calls()).toHaveLength(1);
  });

  test('names action, resource and role when it is denied', async () => {
    await write.prepare();
    await bench.fault({ action: write.action, effect: denied });
    expect(await outcomeOf(write.run(asWrite))).toMatchObject({
      code: 'AWS_DENIED',
      details: {
        action: write.action,
        account: 'prod',
        role: 'arn:aws:sts::111111111111:assumed-role/deployer/gennaker',
        requestId: expect.any(String),
        resource: expect.stringMatching(/./),
      },
    });
  });
});

test.each(writes.filter(({ vanished }) => vanished !== undefined))(
  '$action says so when its subject has vanished',
  async (write) => {
    await write.vanished?.prepare();
    const outcome = await outcomeOf(write.run(asWrite));
    expect(outcome).toMatchObject(write.vanished?.outcome as object);
  },
);

test('a launch template is made once however often the same operation asks, and carries its owner', async () => {
  const request = await templateRequest();
  const first = await bench.region.createLaunchTemplate(request, asWrite);
  const second = await bench.region.createLaunchTemplate(request, asWrite);
  expect(second).toEqual(first);
  const [created] = await bench.calls(/^CreateLaunchTemplate$/);
  expect(created?.input['ClientToken']).toBe(operationToken(owner.operationKey));
  const found = await bench.region.findLaunchTemplate('web-v001', asWrite);
  expect(found && isOwnedBy(found.tags, owner)).toBe(true);
  expect(found && isMadeByOperation(found.tags, owner.operationKey)).toBe(true);
  const other = { ...request, owner: { ...owner, operationKey: 'another operation' } };
  expect(await bench.region.createLaunchTemplate(other, asWrite)).toEqual({
    outcome: 'alreadyExists',
  });
});

test('a group starts at 0/0/0 with its own tags, and no tag of another owner', async () => {
  await bench.region.createAutoScalingGroup(groupRequest(), asWrite);
  const [group] = await bench.region.describeServerGroups(['web-v001'], asWrite);
  expect(group?.view).toMatchObject({
    name: 'web-v001',
    capacity: { min: 0, desired: 0, max: 0 },
    enabled: true,
    deleting: false,
    owner: { executionId: owner.executionId, stage: owner.stage },
  });
  expect(group?.settings).toMatchObject({
    launch: { kind: 'launchTemplate', launchTemplateId: bench.ground.templateId, version: '1' },
    healthCheckType: 'ELB',
    healthCheckGraceSeconds: 600,
    cooldownSeconds: 10,
    terminationPolicies: ['OldestInstance'],
    notCarriedOver: [],
  });
  expect(group?.settings.tags).toContainEqual({
    key: 'team',
    value: 'web',
    propagateAtLaunch: true,
  });
});

test('registers 250 targets in three calls and goes on where a failure left off', async () => {
  const ids = Array.from(
    { length: 250 },
    (_, index) => `i-${index.toString(16).padStart(17, '0')}`,
  );
  await bench.region.deregisterTargets(bench.ground.targetGroupArn, ids, asWrite);
  const calls = await bench.calls();
  expect(calls.map(({ input }) => (input['Targets'] as unknown[]).length)).toEqual([100, 100, 50]);
});

test('an empty list of processes or targets makes no call', async () => {
  await bench.region.suspendProcesses('web-v001', [], asWrite);
  await bench.region.resumeProcesses('web-v001', [], asWrite);
  await bench.region.registerTargets(bench.ground.targetGroupArn, [], asWrite);
  expect(await bench.calls(/./)).toEqual([]);
});
