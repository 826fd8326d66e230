import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AutoScalingGroupName, begin, call, step, take, type Walk } from './autoscaling-steps.js';
import { expectWhole } from './at-rest.js';
import { walks, walksMs } from './walk-count.js';

const QUIET_SECONDS = 4 * 7200;

/** What holds at every instant, whatever is going on. */
function expectSound({ scope }: Walk): void {
  const group = scope.tables.groups.find(AutoScalingGroupName);
  expect(group?.desired).toBeGreaterThanOrEqual(group?.minSize ?? 0);
  expect(group?.desired).toBeLessThanOrEqual(group?.maxSize ?? 0);
  const members = scope.tables.members.all();
  const active = members.filter(({ state }) => /^(Pending|InService)/.test(state)).length;
  // Launching first may go half beyond the largest size; at worst all were launched for the wanted size before it fell.
  expect(active).toBeLessThanOrEqual(10);
  for (const action of scope.tables.lifecycleActions.all())
    expect(scope.tables.members.find(action.instanceId)?.state).toMatch(/:Wait$/);
  const running = scope.tables.refreshes.all().filter(({ endedAt }) => endedAt === undefined);
  expect(running.length).toBeLessThanOrEqual(1);
}

/** Takes back whatever keeps a group from coming to rest. */
function release(walk: Walk): void {
  const { world, scope } = walk;
  const group = { AutoScalingGroupName };
  call(walk, 'autoscaling ResumeProcesses', group);
  world.setCapacity({ region: 'eu-west-1', zones: [], instanceTypes: [] }, true);
  for (const name of ['hook-0', 'hook-1', 'hook-2'])
    call(walk, 'autoscaling DeleteLifecycleHook', { ...group, LifecycleHookName: name });
  world.advance(QUIET_SECONDS);
  call(walk, 'autoscaling UpdateAutoScalingGroup', { ...group, MaxSize: 100 });
  for (const { instanceId, state } of scope.tables.members.all()) {
    const InstanceIds = [instanceId];
    if (state === 'Standby') call(walk, 'autoscaling ExitStandby', { ...group, InstanceIds });
    if (state === 'Terminating:Retained') call(walk, 'ec2 TerminateInstances', { InstanceIds });
    call(walk, 'autoscaling SetInstanceProtection', {
      ...group,
      InstanceIds,
      ProtectedFromScaleIn: false,
    });
  }
  world.advance(QUIET_SECONDS);
}

function expectAtRest(walk: Walk): void {
  const { scope } = walk;
  expectWhole(walk);
  expect(scope.tables.lifecycleActions.size).toBe(0);
  expect(scope.tables.activities.all().filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
}

function expectGone(walk: Walk): void {
  const { world, scope } = walk;
  call(walk, 'autoscaling DeleteAutoScalingGroup', { AutoScalingGroupName, ForceDelete: true });
  world.advance(QUIET_SECONDS);
  // What was detached belongs to nobody: it runs on until somebody ends it.
  for (const { instanceId } of scope.tables.instances.all())
    call(walk, 'ec2 TerminateInstances', { InstanceIds: [instanceId] });
  world.advance(QUIET_SECONDS);
  const { instances, members, targets, groups, hooks, policies, scheduledActions, refreshes } =
    scope.tables;
  for (const { name, size } of [instances, members, targets, groups, hooks, policies])
    expect([name, size]).toEqual([name, 0]);
  expect([scheduledActions.size, refreshes.size]).toEqual([0, 0]);
  expect(scope.tables.tags.all().map(({ resourceType }) => resourceType)).not.toContain('instance');
  expect(world.queue.nextAt()).toBeUndefined();
}

test(
  'whatever its members, hooks, refreshes and sizes went through, a group comes to rest and leaves nothing behind',
  () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const walk = begin();
        for (const taken of steps) {
          take(walk, taken);
          walk.world.advance(0);
          expectSound(walk);
        }
        release(walk);
        expectAtRest(walk);
        expectGone(walk);
      }),
      { numRuns: walks },
    );
  },
  walksMs,
);

test(
  'a group that is deleted by force in the middle of it all leaves nothing behind',
  () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const walk = begin();
        for (const taken of steps) take(walk, taken);
        expectGone(walk);
      }),
      { numRuns: walks },
    );
  },
  walksMs,
);
