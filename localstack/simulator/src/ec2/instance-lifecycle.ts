import type { Transition } from '../world/world.js';
import type { Scope } from '../world/scope.js';
import { fractionOf } from '../kernel/random.js';
import type { InstanceRecord } from './records.js';

/** From launch to `running`; an assumption, AWS gives no figure. */
const BOOT_SECONDS = 8;
/** The golden ratio's step: of any few numbers that follow one another, the parts lie as far apart as can be. */
const GOLDEN = 0.618_033_988_75;
/** From `shutting-down` to `terminated`; an assumption. */
const SHUTDOWN_SECONDS = 5;
/** From `stopping` to `stopped`; an assumption. */
const STOP_SECONDS = 10;
/** "After you terminate an instance, it remains visible … for a short while": at most an hour. */
const VISIBLE_SECONDS = 3600;

export interface LaunchRequest {
  readonly imageId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  /** Where it is launched when no subnet says so. */
  readonly zone?: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly keyName?: string | undefined;
  readonly profileName?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The life of an instance: pending → running (→ stopping → stopped → pending) → shutting-down → terminated → gone.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
 */
export const instanceTransitions: Readonly<Record<string, Transition>> = {
  'instance:running': (scope, id) => {
    if (scope.tables.instances.find(id)?.state !== 'pending') return;
    scope.tables.instances.update(id, { state: 'running' });
    scope.world.instanceChanged(scope, id);
  },
  'instance:stopped': (scope, id) => {
    if (scope.tables.instances.find(id)?.state !== 'stopping') return;
    scope.tables.instances.update(id, { state: 'stopped' });
    scope.world.instanceChanged(scope, id);
  },
  'instance:terminated': (scope, id) => {
    if (scope.tables.instances.find(id)?.state !== 'shutting-down') return;
    scope.tables.instances.update(id, { state: 'terminated' });
    scope.schedule('instance:gone', id, VISIBLE_SECONDS);
    scope.world.instanceChanged(scope, id);
  },
  'instance:gone': (scope, id) => {
    scope.tables.instances.delete(id);
    scope.tables.tags.delete(id);
    scope.world.instanceChanged(scope, id);
  },
};

/** Launches one instance; the caller has checked that subnet and image exist and that there is capacity. */
export function launchInstance(scope: Scope, request: LaunchRequest): InstanceRecord {
  const subnet = scope.tables.subnets.find(request.subnetId);
  const instanceId = `i-${scope.world.nextHex(17)}`;
  const instance: InstanceRecord = {
    instanceId,
    imageId: request.imageId,
    instanceType: request.instanceType,
    subnetId: request.subnetId,
    vpcId: subnet?.vpcId ?? '',
    zone: subnet?.zone ?? request.zone ?? '',
    privateIp: privateAddress(subnet?.cidrBlock ?? '10.0.0.0/24', scope.world.nextNumber()),
    securityGroupIds: request.securityGroupIds,
    state: 'pending',
    launchedAt: scope.now(),
    ...appStart(scope),
    reason: '',
    passesHealthChecks: scope.tables.images.find(request.imageId)?.faulty !== true,
    keyName: request.keyName,
    profileName: request.profileName,
  };
  scope.tables.instances.put(instanceId, instance);
  scope.tables.tags.put(instanceId, {
    resourceId: instanceId,
    resourceType: 'instance',
    tags: request.tags,
  });
  scope.schedule('instance:running', instanceId, BOOT_SECONDS);
  return instance;
}

/** Begins an instance's end; one that is ending or ended stays as it is. */
export function terminateInstance(scope: Scope, instanceId: string, reason: string): void {
  const instance = scope.tables.instances.find(instanceId);
  if (
    instance === undefined ||
    instance.state === 'shutting-down' ||
    instance.state === 'terminated'
  )
    return;
  scope.tables.instances.update(instanceId, { state: 'shutting-down', reason });
  scope.schedule('instance:terminated', instanceId, SHUTDOWN_SECONDS);
  scope.world.instanceChanged(scope, instanceId);
}

/** Begins to stop a running instance; any other stays as it is. */
export function stopInstance(scope: Scope, instanceId: string, reason: string): void {
  if (scope.tables.instances.find(instanceId)?.state !== 'running') return;
  scope.tables.instances.update(instanceId, { state: 'stopping', reason });
  scope.schedule('instance:stopped', instanceId, STOP_SECONDS);
  scope.world.instanceChanged(scope, instanceId);
}

/** Starts a stopped instance anew; any other stays as it is. */
export function startInstance(scope: Scope, instanceId: string): void {
  if (scope.tables.instances.find(instanceId)?.state !== 'stopped') return;
  scope.tables.instances.update(instanceId, {
    state: 'pending',
    launchedAt: scope.now(),
    ...appStart(scope),
    reason: '',
  });
  scope.schedule('instance:running', instanceId, BOOT_SECONDS);
  scope.world.instanceChanged(scope, instanceId);
}

/**
 * When the application of an instance that starts now will answer: each one's takes another time, so that instances
 * become healthy one after another. That they differ is AWS's daily life; by how much is an assumption.
 */
function appStart(scope: Scope): Pick<InstanceRecord, 'answersFrom'> {
  const { seed, appStartSeconds } = scope.world;
  if (appStartSeconds === 0) return {};
  const part = (fractionOf(`${seed}:app-start`) + scope.tables.instances.size * GOLDEN) % 1;
  return { answersFrom: scope.now() + Math.floor((BOOT_SECONDS + part * appStartSeconds) * 1000) };
}

function privateAddress(cidrBlock: string, number: number): string {
  const [a = '10', b = '0', c = '0'] = cidrBlock.split('/')[0]?.split('.') ?? [];
  return `${a}.${b}.${(Number(c) + Math.floor(number / 250)) % 256}.${4 + (number % 250)}`;
}
