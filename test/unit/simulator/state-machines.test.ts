import {
  deregisterTarget,
  launchInstance,
  registerTarget,
  targetKey,
  terminateInstance,
} from '@gennaker/simulator';
import { describe, expect, test } from 'vitest';
import { addTargetGroup, emptyWorld, machine } from './world-of-one.js';

describe('an instance', () => {
  test('is pending for 8 s, then running', () => {
    const { world, scope } = emptyWorld();
    const { instanceId } = launchInstance(scope, machine);
    const state = () => scope.tables.instances.find(instanceId)?.state;
    expect(state()).toBe('pending');
    world.advance(7.999);
    expect(state()).toBe('pending');
    world.advance(0.001);
    expect(state()).toBe('running');
  });

  test('that is ended before it runs never runs', () => {
    const { world, scope } = emptyWorld();
    const { instanceId } = launchInstance(scope, machine);
    terminateInstance(scope, instanceId, 'enough');
    world.advance(60);
    expect(scope.tables.instances.find(instanceId)).toMatchObject({
      state: 'terminated',
      reason: 'enough',
    });
  });

  test('ends once: a second end changes nothing', () => {
    const { world, scope } = emptyWorld();
    const { instanceId } = launchInstance(scope, machine);
    terminateInstance(scope, instanceId, 'first');
    world.advance(3);
    terminateInstance(scope, instanceId, 'second');
    world.advance(2);
    expect(scope.tables.instances.find(instanceId)).toMatchObject({
      state: 'terminated',
      reason: 'first',
    });
    world.advance(3600);
    expect(scope.tables.instances.find(instanceId)).toBeUndefined();
  });
});

function registered(options: { inUse: boolean; drainSeconds?: number }) {
  const { world, scope } = emptyWorld();
  const group = addTargetGroup(scope, options);
  const { instanceId } = launchInstance(scope, machine);
  world.advance(8);
  registerTarget(scope, group, { instanceId });
  const key = targetKey({ targetGroupArn: group.arn, instanceId, port: 80 });
  return {
    world,
    scope,
    group,
    instanceId,
    key,
    state: () => scope.tables.targets.find(key)?.state,
  };
}

describe('a target', () => {
  test('goes initial, healthy, draining, gone at the seconds that the settings say', () => {
    const { world, scope, key, state } = registered({ inUse: true });
    const seen: unknown[] = [state()];
    world.advance(9.999);
    seen.push(state());
    world.advance(0.001);
    seen.push(state());
    deregisterTarget(scope, key);
    seen.push(state());
    world.advance(19.999);
    seen.push(state());
    world.advance(0.001);
    seen.push(state());
    expect(seen).toEqual(['initial', 'initial', 'healthy', 'draining', 'draining', undefined]);
  });

  test('without a deregistration delay is gone at once', () => {
    const { scope, key, state } = registered({ inUse: true, drainSeconds: 0 });
    deregisterTarget(scope, key);
    expect(state()).toBeUndefined();
  });

  test('that nobody sends traffic needs no draining', () => {
    const { scope, key, state } = registered({ inUse: false });
    expect(state()).toBe('unused');
    deregisterTarget(scope, key);
    expect(state()).toBeUndefined();
  });

  test('whose instance ends turns unhealthy only when two checks have failed, and unused when it has ended', () => {
    const { world, scope, instanceId, state } = registered({ inUse: true });
    world.advance(10);
    terminateInstance(scope, instanceId, 'by hand');
    world.advance(4.9);
    expect(state()).toBe('healthy');
    world.advance(0.1);
    expect(state()).toBe('unused');
  });

  test('that drains stays draining when its instance ends', () => {
    const { world, scope, instanceId, key, state } = registered({ inUse: true });
    world.advance(10);
    deregisterTarget(scope, key);
    terminateInstance(scope, instanceId, 'by hand');
    world.advance(19);
    expect(state()).toBe('draining');
    world.advance(1);
    expect(state()).toBeUndefined();
  });
});

test('everything that is planned comes about, and then nothing more', () => {
  const { world, scope } = emptyWorld();
  launchInstance(scope, machine);
  world.advance(60);
  expect(world.queue.nextAt()).toBeUndefined();
});
