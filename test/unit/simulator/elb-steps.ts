import type { Scope } from '@gennaker/simulator';
import fc from 'fast-check';
import { call, fate, type Fate, type Place } from './autoscaling-steps.js';
import { emptyWorld } from './world-of-one.js';

export const AutoScalingGroupName = 'web-v000';

/** What a walk through the load balancer's operations goes by; the names are given out once and for all. */
export interface ElbWalk extends Place {
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
}

interface Choice {
  readonly pick: number;
  readonly other: number;
  readonly flag: boolean;
}

type Act = (walk: ElbWalk, choice: Choice) => void;

/** One step of a walk: what is done, and to whom. */
export interface ElbStep extends Choice {
  readonly kind: string;
  readonly fate: Fate;
}

const names = ['blue', 'green', 'spare', 'other'];
const REQUESTS_PER_SECOND = 10;
const elb = (action: string) => `elasticloadbalancing ${action}`;

/** A load balancer with one listener, two target groups with traffic, and a group of three attached to the first. */
export function begin(): ElbWalk {
  const { world, scope } = emptyWorld();
  const at = { world, scope };
  call(at, elb('CreateLoadBalancer'), {
    Name: 'web',
    Subnets: ['subnet-0', 'subnet-1', 'subnet-2'],
  });
  const loadBalancerArn = scope.tables.loadBalancers.all()[0]?.arn ?? '';
  for (const name of ['blue', 'green']) createTargetGroup(at, name);
  call(at, elb('CreateListener'), {
    LoadBalancerArn: loadBalancerArn,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroup(scope, 0) }],
  });
  const walk = { ...at, loadBalancerArn, listenerArn: scope.tables.listeners.all()[0]?.arn ?? '' };
  call(at, 'ec2 CreateLaunchTemplate', {
    LaunchTemplateName: 'web',
    LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.micro' },
  });
  call(at, 'autoscaling CreateAutoScalingGroup', {
    AutoScalingGroupName,
    MinSize: 0,
    MaxSize: 6,
    DesiredCapacity: 3,
    VPCZoneIdentifier: 'subnet-0,subnet-1,subnet-2',
    LaunchTemplate: { LaunchTemplateName: 'web', Version: '1' },
    TargetGroupARNs: [targetGroup(scope, 0)],
  });
  world.advance(60);
  world.traffic.put(loadBalancerArn, {
    loadBalancerArn,
    scope: scope.name,
    requestsPerSecond: REQUESTS_PER_SECOND,
    countedUntil: world.now(),
    requests: 0,
    requestsWithNoHealthyTarget: 0,
    requestsToStoppedTargets: 0,
    targetGroups: {},
  });
  return walk;
}

function createTargetGroup(place: Place, name: string): void {
  call(place, elb('CreateTargetGroup'), {
    Name: name,
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-1',
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
    HealthyThresholdCount: 2,
  });
}

function targetGroup(scope: Scope, pick: number): string {
  const all = scope.tables.targetGroups.all();
  return all[pick % Math.max(1, all.length)]?.arn ?? 'arn:gone';
}

function rule({ scope }: ElbWalk, pick: number): string {
  const all = scope.tables.rules.all();
  return all[pick % Math.max(1, all.length)]?.arn ?? 'arn:gone';
}

function instance({ scope }: ElbWalk, pick: number): string {
  const all = scope.tables.instances.all();
  return all[pick % Math.max(1, all.length)]?.instanceId ?? 'i-0';
}

/** A forward to two target groups, or to one where both picks meet; weights from 0 on, sticky at times. */
function forward({ scope }: ElbWalk, { pick, other, flag }: Choice): readonly object[] {
  const arns = [...new Set([targetGroup(scope, pick), targetGroup(scope, other)])];
  const TargetGroups = arns.map((TargetGroupArn, index) => ({
    TargetGroupArn,
    Weight: index === 0 ? pick % 3 : other % 3,
  }));
  const sticky = { Enabled: true, DurationSeconds: 60 };
  const TargetGroupStickinessConfig = flag ? sticky : { Enabled: false };
  return [{ Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }];
}

const ROUTING: Readonly<Record<string, Act>> = {
  createRule: (walk, choice) =>
    call(walk, elb('CreateRule'), {
      ListenerArn: walk.listenerArn,
      Priority: 1 + (choice.pick % 4),
      Conditions: [{ Field: 'path-pattern', Values: [choice.flag ? '/*' : '/elsewhere'] }],
      Actions: forward(walk, choice),
    }),
  modifyRule: (walk, choice) =>
    call(walk, elb('ModifyRule'), {
      RuleArn: rule(walk, choice.pick),
      Actions: forward(walk, choice),
    }),
  deleteRule: (walk, { pick }) => call(walk, elb('DeleteRule'), { RuleArn: rule(walk, pick) }),
  swapPriorities: (walk, { pick, other }) =>
    call(walk, elb('SetRulePriorities'), {
      RulePriorities: [
        { RuleArn: rule(walk, pick), Priority: 1 + (other % 4) },
        { RuleArn: rule(walk, other), Priority: 1 + (pick % 4) },
      ],
    }),
  modifyListener: (walk, choice) =>
    call(walk, elb('ModifyListener'), {
      ListenerArn: walk.listenerArn,
      DefaultActions: forward(walk, choice),
    }),
};

const TARGETS: Readonly<Record<string, Act>> = {
  createTargetGroup: (walk, { pick }) => createTargetGroup(walk, names[pick % 4] ?? 'blue'),
  deleteTargetGroup: (walk, { pick }) =>
    call(walk, elb('DeleteTargetGroup'), { TargetGroupArn: targetGroup(walk.scope, pick) }),
  register: (walk, { pick, other }) =>
    call(walk, elb('RegisterTargets'), {
      TargetGroupArn: targetGroup(walk.scope, other),
      Targets: [{ Id: instance(walk, pick) }],
    }),
  // Members are left alone: what is deregistered by hand stays so in a group that only EC2's checks look after.
  deregister: (walk, { pick, other }) => {
    const id = instance(walk, pick);
    if (walk.scope.tables.members.find(id) !== undefined) return;
    call(walk, elb('DeregisterTargets'), {
      TargetGroupArn: targetGroup(walk.scope, other),
      Targets: [{ Id: id }],
    });
  },
  drainDelay: (walk, { pick, other }) =>
    call(walk, elb('ModifyTargetGroupAttributes'), {
      TargetGroupArn: targetGroup(walk.scope, other),
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: String(pick * 10) }],
    }),
  checks: (walk, { pick, other }) =>
    call(walk, elb('ModifyTargetGroup'), {
      TargetGroupArn: targetGroup(walk.scope, other),
      HealthCheckIntervalSeconds: 5 + pick,
    }),
  attach: (walk, { other }) =>
    call(walk, 'autoscaling AttachLoadBalancerTargetGroups', {
      AutoScalingGroupName,
      TargetGroupARNs: [targetGroup(walk.scope, other)],
    }),
  detach: (walk, { other }) =>
    call(walk, 'autoscaling DetachLoadBalancerTargetGroups', {
      AutoScalingGroupName,
      TargetGroupARNs: [targetGroup(walk.scope, other)],
    }),
};

const SURROUNDINGS: Readonly<Record<string, Act>> = {
  run: (walk, { pick }) =>
    call(walk, 'ec2 RunInstances', {
      ImageId: 'ami-1',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: `subnet-${pick % 3}`,
    }),
  terminate: (walk, { pick }) =>
    call(walk, 'ec2 TerminateInstances', { InstanceIds: [instance(walk, pick)] }),
  stop: (walk, { pick }) =>
    call(walk, 'ec2 StopInstances', { InstanceIds: [instance(walk, pick)] }),
  start: (walk, { pick }) =>
    call(walk, 'ec2 StartInstances', { InstanceIds: [instance(walk, pick)] }),
  answer: (walk, { pick, flag }) => {
    const { world, scope } = walk;
    const instanceId = instance(walk, pick);
    if (scope.tables.instances.find(instanceId) === undefined) return;
    scope.tables.instances.update(instanceId, { passesHealthChecks: flag });
    world.instanceChanged(scope, instanceId);
  },
  resize: (walk, { pick }) =>
    call(walk, 'autoscaling SetDesiredCapacity', {
      AutoScalingGroupName,
      DesiredCapacity: pick % 7,
    }),
  shortage: ({ world, scope }, { pick, flag }) =>
    world.setCapacity(
      { region: 'eu-west-1', zones: [scope.zones()[pick % 3] ?? ''], instanceTypes: [] },
      flag,
    ),
  wait: ({ world }, { pick }) => world.advance(pick * pick),
  waitLong: ({ world }, { pick }) => world.advance(pick * 120),
};

const ACTS = new Map(Object.entries({ ...ROUTING, ...TARGETS, ...SURROUNDINGS }));

export const step: fc.Arbitrary<ElbStep> = fc.record({
  kind: fc.constantFrom(
    ...ACTS.keys(),
    'wait',
    'wait',
    'wait',
    'waitLong',
    'register',
    'modifyRule',
  ),
  pick: fc.nat(9),
  other: fc.nat(9),
  flag: fc.boolean(),
  fate,
});

export function take(walk: ElbWalk, taken: ElbStep): void {
  ACTS.get(taken.kind)?.({ ...walk, fate: taken.fate }, taken);
}
