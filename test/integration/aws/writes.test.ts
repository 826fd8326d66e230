import type { CreateLaunchTemplateRequest } from '@gennaker/aws';
import { afterEach, beforeEach } from 'vitest';
import { asWrite, startBench, textLike, type AwsBench } from './aws-bench.js';
import { testWrites, type WriteCase } from './standard-write-cases.js';
import { groupRequest, templateRequest } from './write-requests.js';

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

testWrites(() => bench, writes);
