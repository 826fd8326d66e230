import { isMadeByOperation, isOwnedBy, operationToken } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, startBench, type AwsBench } from './aws-bench.js';
import { groupRequest, outcomeOf, owner, templateRequest } from './write-requests.js';

let bench: AwsBench;

beforeEach(async () => {
  bench = await startBench();
});

afterEach(async () => {
  await bench.close();
});

test('a launch template is made once however often the same operation asks, and carries its owner', async () => {
  const request = await templateRequest(bench);
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
  await bench.region.createAutoScalingGroup(groupRequest(bench), asWrite);
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

test('goes through 250 targets in chunks of 100, and a repeat finishes what broke off', async () => {
  const ids = Array.from(
    { length: 250 },
    (_, index) => `i-${index.toString(16).padStart(17, '0')}`,
  );
  const change = (): Promise<void> =>
    bench.region.deregisterTargets(bench.ground.targetGroupArn, ids, asWrite);
  const rule = { match: { action: 'DeregisterTargets', callNumber: 2 }, effect: { kind: 'reset' } };
  await bench.fault(rule);
  expect(await outcomeOf(change())).toMatchObject({ code: 'AWS_UNAVAILABLE' });
  expect(await bench.calls()).toHaveLength(2);
  await change();
  const calls = await bench.calls();
  expect(calls.map(({ input }) => (input['Targets'] as unknown[]).length)).toEqual([100, 100, 50]);
});

test('an empty list of processes or targets makes no call', async () => {
  await bench.region.suspendProcesses('web-v001', [], asWrite);
  await bench.region.resumeProcesses('web-v001', [], asWrite);
  await bench.region.registerTargets(bench.ground.targetGroupArn, [], asWrite);
  expect(await bench.calls(/./)).toEqual([]);
});
