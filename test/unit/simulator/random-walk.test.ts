import fc from 'fast-check';
import { expect, test } from 'vitest';
import { call, type Walk } from './autoscaling-steps.js';
import { expectWhole } from './at-rest.js';
import { walks, walksMs } from './walk-count.js';
import { addTargetGroup, emptyWorld } from './world-of-one.js';

const AutoScalingGroupName = 'web-v000';
const PROCESSES = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'HealthCheck',
  'ReplaceUnhealthy',
  'AZRebalance',
];
const QUIET_SECONDS = 7200;

const step = fc.oneof(
  fc.record({ kind: fc.constant('resize'), size: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ kind: fc.constant('suspend'), process: fc.constantFrom(...PROCESSES) }),
  fc.record({ kind: fc.constant('resume'), process: fc.constantFrom(...PROCESSES) }),
  fc.record({ kind: fc.constant('endInstance'), pick: fc.nat(9) }),
  fc.record({ kind: fc.constant('markUnhealthy'), pick: fc.nat(9) }),
  fc.record({ kind: fc.constant('deregister'), pick: fc.nat(9) }),
  fc.record({ kind: fc.constant('failChecks'), pick: fc.nat(9) }),
  fc.record({
    kind: fc.constant('shortage'),
    zone: fc.constantFrom('a', 'b', 'c'),
    available: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('wait'), seconds: fc.integer({ min: 0, max: 90 }) }),
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function begin(): Walk {
  const { world, scope } = emptyWorld();
  const walk = { world, scope, targetGroupArn: addTargetGroup(scope, { inUse: true }).arn };
  call(walk, 'ec2 CreateLaunchTemplate', {
    LaunchTemplateName: 'web',
    LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.micro' },
  });
  call(walk, 'autoscaling CreateAutoScalingGroup', {
    AutoScalingGroupName,
    MinSize: 0,
    MaxSize: 6,
    DesiredCapacity: 3,
    VPCZoneIdentifier: 'subnet-0,subnet-1,subnet-2',
    LaunchTemplate: { LaunchTemplateName: 'web', Version: '1' },
    TargetGroupARNs: [walk.targetGroupArn],
    HealthCheckType: 'ELB',
    HealthCheckGracePeriod: 60,
  });
  world.advance(30);
  return walk;
}

function take(walk: Walk, taken: Step): void {
  const { world, scope, targetGroupArn } = walk;
  const members = scope.tables.members.all();
  const picked =
    'pick' in taken ? (members[taken.pick % Math.max(1, members.length)]?.instanceId ?? 'i-0') : '';
  if (taken.kind === 'wait' && 'seconds' in taken) world.advance(taken.seconds);
  if (taken.kind === 'resize' && 'size' in taken) {
    call(walk, 'autoscaling SetDesiredCapacity', {
      AutoScalingGroupName,
      DesiredCapacity: taken.size,
    });
  }
  if ('process' in taken) {
    const action = taken.kind === 'suspend' ? 'SuspendProcesses' : 'ResumeProcesses';
    call(walk, `autoscaling ${action}`, {
      AutoScalingGroupName,
      ScalingProcesses: [taken.process],
    });
  }
  if ('zone' in taken)
    world.setCapacity(
      { region: 'eu-west-1', zones: [`eu-west-1${taken.zone}`], instanceTypes: [] },
      taken.available,
    );
  if (taken.kind === 'endInstance') call(walk, 'ec2 TerminateInstances', { InstanceIds: [picked] });
  if (taken.kind === 'markUnhealthy') {
    call(walk, 'autoscaling SetInstanceHealth', {
      InstanceId: picked,
      HealthStatus: 'Unhealthy',
      ShouldRespectGracePeriod: false,
    });
  }
  if (taken.kind === 'deregister') {
    call(walk, 'elasticloadbalancing DeregisterTargets', {
      TargetGroupArn: targetGroupArn,
      Targets: [{ Id: picked }],
    });
  }
  if (taken.kind === 'failChecks') {
    scope.tables.instances.update(picked, { passesHealthChecks: false });
    world.instanceChanged(scope, picked);
  }
}

test(
  'whatever has been done to a group, left alone it comes to its size, healthy and registered, and leaves nothing behind',
  () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const walk = begin();
        for (const taken of steps) take(walk, taken);
        const { world, scope } = walk;
        call(walk, 'autoscaling ResumeProcesses', { AutoScalingGroupName });
        world.setCapacity({ region: 'eu-west-1', zones: [], instanceTypes: [] }, true);
        world.advance(QUIET_SECONDS);

        expectWhole(walk);
        call(walk, 'autoscaling DeleteAutoScalingGroup', {
          AutoScalingGroupName,
          ForceDelete: true,
        });
        world.advance(QUIET_SECONDS);
        const { instances, members: left, targets: leftTargets, tags, groups } = scope.tables;
        expect([instances, left, leftTargets, groups].map(({ size }) => size)).toEqual([
          0, 0, 0, 0,
        ]);
        expect(tags.all().filter(({ resourceType }) => resourceType === 'instance')).toEqual([]);
        expect(world.queue.nextAt()).toBeUndefined();
      }),
      { numRuns: walks },
    );
  },
  walksMs,
);
