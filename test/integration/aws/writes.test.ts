import type { CallOptions, CreateLaunchTemplateRequest } from '@gennaker/aws';
import { GennakerError } from '@gennaker/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asWrite, denied, startBench, textLike, type AwsBench } from './aws-bench.js';
import { groupRequest, outcomeOf, templateRequest } from './write-requests.js';

let bench: AwsBench;

beforeEach(async () => {
  bench = await startBench();
});

afterEach(async () => {
  await bench.close();
});

async function groupInService(name: string, size: number): Promise<readonly string[]> {
  await bench.makeGroup(name, size);
  await bench.advance(60);
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
    prepare: async () => void (template = await templateRequest(bench)),
    run: (options) => bench.region.createLaunchTemplate(template, options),
    again: { outcome: 'created', launchTemplateId: textLike(/^lt-/), version: '1' },
  },
  {
    action: 'CreateAutoScalingGroup',
    prepare: nothing,
    run: (options) => bench.region.createAutoScalingGroup(groupRequest(bench), options),
    again: { outcome: 'alreadyExists' },
  },
  {
    action: 'UpdateAutoScalingGroup',
    prepare: async () => bench.makeGroup('web-v001'),
    run: (options) =>
      bench.region.updateCapacity('web-v001', { min: 1, desired: 2, max: 3 }, options),
    again: 'done',
    vanished: { prepare: nothing, outcome: { code: 'AWS_NOT_FOUND' } },
  },
  {
    action: 'SuspendProcesses',
    prepare: async () => bench.makeGroup('web-v001'),
    run: (options) => bench.region.suspendProcesses('web-v001', ['Launch'], options),
    again: 'done',
    vanished: { prepare: nothing, outcome: { code: 'AWS_NOT_FOUND' } },
  },
  {
    action: 'ResumeProcesses',
    prepare: async () => bench.makeGroup('web-v001'),
    run: (options) => bench.region.resumeProcesses('web-v001', ['Launch'], options),
    again: 'done',
    vanished: { prepare: nothing, outcome: { code: 'AWS_NOT_FOUND' } },
  },
  {
    action: 'RegisterTargets',
    prepare: async () => void (instances = await groupInService('web-v001', 2)),
    run: (options) => bench.region.registerTargets(bench.ground.targetGroupArn, instances, options),
    again: 'done',
    vanished: {
      prepare: async () => void (instances = ['i-0123456789abcdef0']),
      outcome: { code: 'AWS_CONFLICT' },
    },
  },
  {
    action: 'DeregisterTargets',
    prepare: async () => void (instances = await groupInService('web-v001', 2)),
    run: (options) =>
      bench.region.deregisterTargets(bench.ground.targetGroupArn, instances, options),
    again: 'done',
  },
  {
    action: 'SetInstanceHealth',
    prepare: async () => void (instances = await groupInService('web-v001', 1)),
    run: (options) => bench.region.setInstanceHealth(instances[0] ?? '', 'Healthy', options),
    again: 'done',
    vanished: {
      prepare: async () => void (instances = ['i-0123456789abcdef0']),
      outcome: { code: 'AWS_NOT_FOUND' },
    },
  },
  {
    action: 'DeleteAutoScalingGroup',
    prepare: async () => bench.makeGroup('web-v001'),
    run: (options) =>
      bench.region.deleteAutoScalingGroup({ serverGroup: 'web-v001', force: true }, options),
    again: { outcome: textLike(/^(gone|deleting|accepted)$/) },
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
    expect(again ?? 'done').toEqual(write.again);
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
      match: { action: write.action },
      point: 'after',
      effect: { kind: 'reset' },
      times: 1,
    });
    expect(await outcomeOf(write.run(asWrite))).toMatchObject({ code: 'AWS_UNAVAILABLE' });
    const again = await outcomeOf(write.run(asWrite));
    expect(again ?? 'done').toEqual(write.again);
  });

  test('is throttled as a passing trouble and sent once', async () => {
    await write.prepare();
    await bench.calls();
    await bench.fault({ match: { action: write.action }, effect: { kind: 'throttle' }, times: 1 });
    expect(await outcomeOf(write.run(asWrite))).toMatchObject({ code: 'AWS_THROTTLED' });
    expect(await bench.calls()).toHaveLength(1);
  });

  test('names action, resource and role when it is denied', async () => {
    await write.prepare();
    await bench.fault({ match: { action: write.action }, effect: denied });
    expect(await outcomeOf(write.run(asWrite))).toMatchObject({
      code: 'AWS_DENIED',
      details: {
        action: write.action,
        account: 'prod',
        role: 'arn:aws:sts::111111111111:assumed-role/deployer/gennaker',
        requestId: textLike(/./),
        resource: textLike(/./),
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
