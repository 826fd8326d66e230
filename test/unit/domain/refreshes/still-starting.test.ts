import { stillStarting, type InstanceView, type ServerGroupView } from '@gennaker/domain';
import { expect, test } from 'vitest';

const ours = { launchTemplateId: 'lt-1', version: '7' };
const recorded = { launchTemplateId: 'lt-1', version: '4' };

function instance(
  health: InstanceView['health'],
  changes: Partial<InstanceView> = {},
): InstanceView {
  return {
    instanceId: 'i-1',
    zone: 'eu-west-1a',
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: [],
    health,
    launchTemplate: recorded,
    ...changes,
  };
}

function group(instances: readonly InstanceView[], enabled = true): ServerGroupView {
  return {
    name: 'web-v000',
    arn: 'arn:web-v000',
    createdAt: '2026-01-01T00:00:00.000Z',
    capacity: { min: 3, desired: 3, max: 3 },
    enabled,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: ['arn:tg'],
    imageId: 'ami-1',
    instances,
    owner: null,
  };
}

const serves = instance('Up', { launchTemplate: ours });

test('what Auto Scaling counts and nobody sends requests to is waited for, whatever it runs', () => {
  const starting = instance('Starting', { launchTemplate: ours });
  expect(stillStarting(group([serves, starting, instance('Down')]), ours)).toBe(2);
  expect(stillStarting(group([serves, instance('Up')]), ours)).toBe(0);
});

test('what Auto Scaling does not count is not waited for', () => {
  const pending = instance('Starting', { lifecycleState: 'Pending' });
  const unhealthy = instance('Down', { healthStatus: 'Unhealthy' });
  const unknown = instance('Unknown');
  expect(stillStarting(group([serves, pending, unhealthy, unknown]), ours)).toBe(0);
});

test('nothing is waited for where none of ours serves, or nobody sends requests at all', () => {
  const starting = instance('Starting', { launchTemplate: ours });
  expect(stillStarting(group([instance('Up'), starting]), ours)).toBe(0);
  expect(stillStarting(group([serves, starting], false), ours)).toBe(0);
  expect(stillStarting(group([serves, starting]), null)).toBe(0);
});
