import { targetKey } from '@gennaker/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { call } from './autoscaling-steps.js';
import { AutoScalingGroupName, begin, step, take, type ElbWalk } from './elb-steps.js';
import { walks, walksMs } from './walk-count.js';

const QUIET_SECONDS = 4 * 7200;

/** The target groups that some rule or listener names, whatever the weight. */
function named({ scope }: ElbWalk): ReadonlySet<string> {
  const { listeners, rules } = scope.tables;
  const actions = [...listeners.all(), ...rules.all()].flatMap((row) => row.actions);
  const arns = actions.flatMap((action) => [
    action.TargetGroupArn,
    ...(action.ForwardConfig?.TargetGroups ?? []).map((tuple) => tuple.TargetGroupArn),
  ]);
  return new Set(arns.filter((arn) => arn !== undefined));
}

const always = ['draining Target.DeregistrationInProgress', 'unused Target.InvalidState'];

/** State and reason of a target; a group that no rule names checks nobody. */
function possibleStates(isInUse: boolean): readonly string[] {
  if (!isInUse) return [...always, 'unused Target.NotInUse'];
  const begun = ['initial Elb.RegistrationInProgress', 'initial Elb.InitialHealthChecking'];
  return [...always, ...begun, 'healthy', 'unhealthy Target.FailedHealthChecks'];
}

/** What holds at every instant, whatever is going on. */
function expectSound(walk: ElbWalk): void {
  const { world, scope } = walk;
  const { targetGroups, targets, rules } = scope.tables;
  const inUse = named(walk);
  for (const arn of inUse) expect(targetGroups.find(arn)).toBeDefined();
  for (const { targetGroupArn, state, reason, instanceId } of targets.all()) {
    expect(targetGroups.find(targetGroupArn)).toBeDefined();
    expect([instanceId, possibleStates(inUse.has(targetGroupArn))]).toEqual([
      instanceId,
      expect.arrayContaining([`${state} ${reason ?? ''}`.trim()]),
    ]);
  }
  const priorities = rules.all().map(({ priority }) => priority);
  expect(new Set(priorities).size).toBe(priorities.length);
  const stream = world.traffic.find(walk.loadBalancerArn);
  const received = Object.values(stream?.targetGroups ?? {});
  const sum = received.reduce((total, { requests }) => total + requests, 0);
  expect(sum).toBeLessThanOrEqual((stream?.requests ?? 0) + 1e-3);
  expect(stream?.requestsWithNoHealthyTarget).toBeLessThanOrEqual((stream?.requests ?? 0) + 1e-3);
}

function expectAtRest(walk: ElbWalk): void {
  const { world, scope } = walk;
  const { targets, instances, members, groups, targetGroups } = scope.tables;
  const inUse = named(walk);
  for (const { state, instanceId, targetGroupArn } of targets.all()) {
    const instance = instances.find(instanceId);
    const isSound = instance?.passesHealthChecks !== false;
    const used = isSound ? 'healthy' : 'unhealthy';
    const running = instance?.state === 'running' && inUse.has(targetGroupArn);
    expect([instanceId, state]).toEqual([instanceId, running ? used : 'unused']);
  }
  // A group goes on naming a target group that was deleted under it.
  const attached = (groups.find(AutoScalingGroupName)?.targetGroups ?? []).filter(
    ({ arn }) => targetGroups.find(arn) !== undefined,
  );
  const wanted = members
    .all()
    .flatMap(({ instanceId }) =>
      attached.map(({ arn }) => targetKey({ targetGroupArn: arn, instanceId, port: 80 })),
    );
  expect(targets.all().map(targetKey)).toEqual(expect.arrayContaining(wanted));
  expect(world.queue.nextAt()).toBeUndefined();
}

/** Deletes all that there is, in the order in which AWS lets it go. */
function expectGone(walk: ElbWalk): void {
  const { world, scope, loadBalancerArn } = walk;
  const { tables } = scope;
  call(walk, 'autoscaling DeleteAutoScalingGroup', { AutoScalingGroupName, ForceDelete: true });
  world.advance(QUIET_SECONDS);
  for (const { instanceId } of tables.instances.all())
    call(walk, 'ec2 TerminateInstances', { InstanceIds: [instanceId] });
  world.advance(QUIET_SECONDS);
  call(walk, 'elasticloadbalancing DeleteLoadBalancer', { LoadBalancerArn: loadBalancerArn });
  world.advance(0);
  for (const { arn } of tables.targetGroups.all())
    call(walk, 'elasticloadbalancing DeleteTargetGroup', { TargetGroupArn: arn });
  const { loadBalancers, listeners, rules, targetGroups, targets, instances, elbTags } = tables;
  for (const [name, { size }] of Object.entries({
    loadBalancers,
    listeners,
    rules,
    targetGroups,
    targets,
    instances,
    elbTags,
  }))
    expect([name, size]).toEqual([name, 0]);
  expect(world.queue.nextAt()).toBeUndefined();
}

test(
  'whatever rules, weights, targets and target groups went through, they come to rest and leave nothing behind',
  () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const walk = begin();
        for (const taken of steps) {
          take(walk, taken);
          walk.world.advance(0);
          expectSound(walk);
        }
        walk.world.setCapacity({ region: 'eu-west-1', zones: [], instanceTypes: [] }, true);
        walk.world.advance(QUIET_SECONDS);
        expectSound(walk);
        expectAtRest(walk);
        expectGone(walk);
      }),
      { numRuns: walks },
    );
  },
  walksMs,
);
