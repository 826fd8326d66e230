import { stillStarting, type InstanceView } from '@gennaker/domain';
import { expect, test } from 'vitest';

import { group } from '../plans/plan-builder.js';

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

const serves = instance('Up', { launchTemplate: ours });

test('what Auto Scaling counts and nobody sends requests to is waited for, whatever it runs', () => {
  const starting = instance('Starting', { launchTemplate: ours });
  expect(
    stillStarting(group('web-v000', { instances: [serves, starting, instance('Down')] }), ours),
  ).toBe(2);
  expect(stillStarting(group('web-v000', { instances: [serves, instance('Up')] }), ours)).toBe(0);
});

test('what Auto Scaling does not count is not waited for', () => {
  const pending = instance('Starting', { lifecycleState: 'Pending' });
  const unhealthy = instance('Down', { healthStatus: 'Unhealthy' });
  const unknown = instance('Unknown');
  expect(
    stillStarting(group('web-v000', { instances: [serves, pending, unhealthy, unknown] }), ours),
  ).toBe(0);
});

test('nothing is waited for where none of ours serves, or nobody sends requests at all', () => {
  const starting = instance('Starting', { launchTemplate: ours });
  expect(stillStarting(group('web-v000', { instances: [instance('Up'), starting] }), ours)).toBe(0);
  expect(
    stillStarting(group('web-v000', { instances: [serves, starting], enabled: false }), ours),
  ).toBe(0);
  expect(stillStarting(group('web-v000', { instances: [serves, starting] }), null)).toBe(0);
});
