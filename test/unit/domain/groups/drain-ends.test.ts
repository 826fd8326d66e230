import { drainEndMs, drainingTargets, type InstanceView } from '@gennaker/domain';
import { expect, it } from 'vitest';

function instance(instanceId: string, states: Readonly<Record<string, string>>): InstanceView {
  return {
    instanceId,
    zone: 'eu-west-1a',
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: Object.entries(states).map(([targetGroupArn, state]) => ({
      targetGroupArn,
      state,
    })),
    health: 'Draining',
  };
}

const draining = instance('i-1', { blue: 'draining', green: 'healthy' });

it('what drains keeps the instant of the first look that showed it', () => {
  const first = drainingTargets([], { instances: [draining] }, 1_000);
  const late = instance('i-2', { green: 'unhealthy.draining' });
  const second = drainingTargets(first, { instances: [draining, late] }, 6_000);
  expect(second).toEqual([
    { targetGroupArn: 'blue', instanceId: 'i-1', sinceMs: 1_000 },
    { targetGroupArn: 'green', instanceId: 'i-2', sinceMs: 6_000 },
  ]);
  expect(drainingTargets(second, { instances: [late] }, 11_000)).toEqual(second.slice(1));
});

it('all have drained when the last one has, by the delay of its own target group', () => {
  const both = [
    { targetGroupArn: 'blue', instanceId: 'i-1', sinceMs: 1_000 },
    { targetGroupArn: 'green', instanceId: 'i-2', sinceMs: 6_000 },
  ];
  const seconds = new Map([
    ['blue', 300],
    ['green', 20],
  ]);
  expect(drainEndMs(both, (arn) => seconds.get(arn))).toBe(301_000);
});

it('nothing is expected where nothing drains, or one delay is not known', () => {
  expect(drainEndMs([], () => 300)).toBeNull();
  const both = ['blue', 'green'].map((targetGroupArn) => ({
    targetGroupArn,
    instanceId: 'i-1',
    sinceMs: 0,
  }));
  expect(drainEndMs(both, (arn) => (arn === 'blue' ? 300 : undefined))).toBeNull();
});
