import { AwsError, OPERATIONS, Reading, type Scope, type World } from '@gennaker/simulator';
import fc from 'fast-check';
import { addTargetGroup, emptyWorld } from './world-of-one.js';

export const AutoScalingGroupName = 'web-v000';

const PROCESSES = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
];

/** What becomes of a call: it is made, it comes twice over the wire, or it fails at its very end and so never was. */
export type Fate = 'once' | 'twice' | 'undone';

export const fate: fc.Arbitrary<Fate> = fc.constantFrom('once', 'once', 'once', 'twice', 'undone');

/** Where calls are made, and what becomes of them; absent: `once`. */
export interface Place {
  readonly world: World;
  readonly scope: Scope;
  readonly fate?: Fate;
}

export interface Walk extends Place {
  readonly targetGroupArn: string;
}

type Act = (walk: Walk, choice: { readonly pick: number; readonly flag: boolean }) => void;

/** One step of a walk: what is done, and to whom. */
export interface Step {
  readonly kind: string;
  readonly pick: number;
  readonly flag: boolean;
  readonly fate: Fate;
}

/** Calls an operation as a request would; a refusal is an answer like any other, anything else is a fault. */
export function call(place: Place, operation: string, input: object): void {
  attempt(place, operation, input);
  if (place.fate === 'twice') attempt(place, operation, input);
}

function attempt({ world, scope, fate: becomes }: Place, operation: string, input: object): void {
  const [service = '', action = ''] = operation.split(' ');
  const reading = new Reading(
    { pageSize: 0, shuffled: false, staleSeconds: 0, staleShare: 0, appStartSeconds: 0 },
    { seed: '', number: 0, now: world.now() },
  );
  const handler = new Map(Object.entries(OPERATIONS)).get(service)?.[action];
  if (handler === undefined) throw new Error(`${action} is not there`);
  try {
    world.attempt(() => {
      handler({ scope, reading, accessKeyId: '', requestId: '' }, input as never);
      if (becomes === 'undone') throw new AwsError('InternalFailure', 'It failed at the very end');
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

/** A group of three behind a target group, with two versions of its launch template. */
export function begin(): Walk {
  const { world, scope } = emptyWorld();
  const walk = { world, scope, targetGroupArn: addTargetGroup(scope, { inUse: true }).arn };
  const data = { ImageId: 'ami-1', InstanceType: 't3.micro' };
  call(walk, 'ec2 CreateLaunchTemplate', {
    LaunchTemplateName: 'web',
    LaunchTemplateData: data,
  });
  call(walk, 'ec2 CreateLaunchTemplateVersion', {
    LaunchTemplateName: 'web',
    LaunchTemplateData: { ...data, InstanceType: 't3.small' },
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
  call(walk, 'autoscaling PutScalingPolicy', {
    AutoScalingGroupName,
    PolicyName: 'scale',
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: 2,
  });
  world.advance(30);
  return walk;
}

const group = { AutoScalingGroupName };

function picked({ scope }: Walk, pick: number): string {
  const members = scope.tables.members.all();
  return members[pick % Math.max(1, members.length)]?.instanceId ?? 'i-0';
}

/** An instance that belongs to no group, if there is one. */
function stray({ scope }: Walk): string {
  const isFree = ({ instanceId }: { readonly instanceId: string }) =>
    scope.tables.members.find(instanceId) === undefined;
  return scope.tables.instances.all().find(isFree)?.instanceId ?? 'i-0';
}

const PREFERENCES = [
  {},
  { MinHealthyPercentage: 0, SkipMatching: true },
  { MinHealthyPercentage: 100, MaxHealthyPercentage: 150, InstanceWarmup: 30 },
  { CheckpointPercentages: [40, 100], CheckpointDelay: 100, BakeTime: 50 },
  { AutoRollback: true, ScaleInProtectedInstances: 'Ignore', StandbyInstances: 'Ignore' },
  { ScaleInProtectedInstances: 'Refresh', StandbyInstances: 'Terminate' },
];

const MEMBERSHIP: Readonly<Record<string, Act>> = {
  detach: (walk, { pick, flag }) =>
    call(walk, 'autoscaling DetachInstances', {
      ...group,
      InstanceIds: [picked(walk, pick)],
      ShouldDecrementDesiredCapacity: flag,
    }),
  attach: (walk) =>
    call(walk, 'autoscaling AttachInstances', { ...group, InstanceIds: [stray(walk)] }),
  enterStandby: (walk, { pick, flag }) =>
    call(walk, 'autoscaling EnterStandby', {
      ...group,
      InstanceIds: [picked(walk, pick)],
      ShouldDecrementDesiredCapacity: flag,
    }),
  exitStandby: (walk, { pick }) =>
    call(walk, 'autoscaling ExitStandby', { ...group, InstanceIds: [picked(walk, pick)] }),
  protect: (walk, { pick, flag }) =>
    call(walk, 'autoscaling SetInstanceProtection', {
      ...group,
      InstanceIds: [picked(walk, pick)],
      ProtectedFromScaleIn: flag,
    }),
  end: (walk, { pick, flag }) =>
    call(walk, 'autoscaling TerminateInstanceInAutoScalingGroup', {
      InstanceId: picked(walk, pick),
      ShouldDecrementDesiredCapacity: flag,
    }),
  launchNow: (walk, { pick, flag }) =>
    call(walk, 'autoscaling LaunchInstances', {
      ...group,
      RequestedCapacity: 1,
      ClientToken: `t${walk.world.now()}`,
      AvailabilityZones: [walk.scope.zones()[pick % 3]],
      RetryStrategy: flag ? 'none' : 'retry-with-group-configuration',
    }),
};

const HOOKS: Readonly<Record<string, Act>> = {
  putHook: (walk, { pick, flag }) =>
    call(walk, 'autoscaling PutLifecycleHook', {
      ...group,
      LifecycleHookName: `hook-${pick % 3}`,
      LifecycleTransition: `autoscaling:EC2_INSTANCE_${flag ? 'LAUNCHING' : 'TERMINATING'}`,
      HeartbeatTimeout: 30 + pick * 10,
      DefaultResult: pick % 2 === 0 ? 'CONTINUE' : 'ABANDON',
    }),
  deleteHook: (walk, { pick }) =>
    call(walk, 'autoscaling DeleteLifecycleHook', {
      ...group,
      LifecycleHookName: `hook-${pick % 3}`,
    }),
  complete: (walk, { pick, flag }) =>
    call(walk, 'autoscaling CompleteLifecycleAction', {
      ...group,
      LifecycleHookName: `hook-${pick % 3}`,
      InstanceId: picked(walk, pick),
      LifecycleActionResult: flag ? 'CONTINUE' : 'ABANDON',
    }),
  beat: (walk, { pick }) =>
    call(walk, 'autoscaling RecordLifecycleActionHeartbeat', {
      ...group,
      LifecycleHookName: `hook-${pick % 3}`,
      InstanceId: picked(walk, pick),
    }),
  retain: (walk, { flag }) =>
    call(walk, 'autoscaling UpdateAutoScalingGroup', {
      ...group,
      InstanceLifecyclePolicy: {
        RetentionTriggers: { TerminateHookAbandon: flag ? 'retain' : 'terminate' },
      },
    }),
};

const SIZES: Readonly<Record<string, Act>> = {
  resize: (walk, { pick }) =>
    call(walk, 'autoscaling SetDesiredCapacity', { ...group, DesiredCapacity: pick % 7 }),
  bounds: (walk, { pick, flag }) =>
    call(walk, 'autoscaling UpdateAutoScalingGroup', {
      ...group,
      MinSize: flag ? 0 : pick % 3,
      MaxSize: flag ? 6 : 3 + (pick % 4),
    }),
  execute: (walk, { flag }) =>
    call(walk, 'autoscaling ExecutePolicy', {
      ...group,
      PolicyName: 'scale',
      HonorCooldown: flag,
    }),
  schedule: (walk, { pick }) =>
    call(walk, 'autoscaling PutScheduledUpdateGroupAction', {
      ...group,
      ScheduledActionName: `action-${pick}`,
      StartTime: new Date(walk.world.now() + (pick + 1) * 20_000),
      DesiredCapacity: pick % 7,
    }),
  maintain: (walk, { flag }) =>
    call(walk, 'autoscaling UpdateAutoScalingGroup', {
      ...group,
      InstanceMaintenancePolicy: flag
        ? { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 }
        : { MinHealthyPercentage: -1, MaxHealthyPercentage: -1 },
    }),
  refresh: (walk, { pick, flag }) =>
    call(walk, 'autoscaling StartInstanceRefresh', {
      ...group,
      Preferences: PREFERENCES[pick % PREFERENCES.length],
      DesiredConfiguration: {
        LaunchTemplate: { LaunchTemplateName: 'web', Version: flag ? '1' : '2' },
      },
    }),
  cancelRefresh: (walk) => call(walk, 'autoscaling CancelInstanceRefresh', group),
  rollBack: (walk) => call(walk, 'autoscaling RollbackInstanceRefresh', group),
};

const SURROUNDINGS: Readonly<Record<string, Act>> = {
  suspend: (walk, { pick }) =>
    call(walk, 'autoscaling SuspendProcesses', {
      ...group,
      ScalingProcesses: [PROCESSES[pick % PROCESSES.length]],
    }),
  resume: (walk, { pick }) =>
    call(walk, 'autoscaling ResumeProcesses', {
      ...group,
      ScalingProcesses: [PROCESSES[pick % PROCESSES.length]],
    }),
  terminate: (walk, { pick }) =>
    call(walk, 'ec2 TerminateInstances', { InstanceIds: [picked(walk, pick)] }),
  stop: (walk, { pick }) => call(walk, 'ec2 StopInstances', { InstanceIds: [picked(walk, pick)] }),
  start: (walk, { pick }) =>
    call(walk, 'ec2 StartInstances', { InstanceIds: [picked(walk, pick)] }),
  markUnhealthy: (walk, { pick }) =>
    call(walk, 'autoscaling SetInstanceHealth', {
      InstanceId: picked(walk, pick),
      HealthStatus: 'Unhealthy',
      ShouldRespectGracePeriod: false,
    }),
  deregister: (walk, { pick }) =>
    call(walk, 'elasticloadbalancing DeregisterTargets', {
      TargetGroupArn: walk.targetGroupArn,
      Targets: [{ Id: picked(walk, pick) }],
    }),
  shortage: (walk, { pick, flag }) =>
    walk.world.setCapacity(
      { region: 'eu-west-1', zones: [walk.scope.zones()[pick % 3] ?? ''], instanceTypes: [] },
      flag,
    ),
  wait: (walk, { pick }) => walk.world.advance(pick * pick * 3),
  waitLong: (walk, { pick }) => walk.world.advance(pick * 600),
};

const ACTS = new Map(Object.entries({ ...MEMBERSHIP, ...HOOKS, ...SIZES, ...SURROUNDINGS }));

export const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...ACTS.keys(), 'wait', 'wait', 'wait', 'wait', 'resume', 'refresh'),
  pick: fc.nat(9),
  flag: fc.boolean(),
  fate,
});

export function take(walk: Walk, taken: Step): void {
  ACTS.get(taken.kind)?.({ ...walk, fate: taken.fate }, taken);
}
