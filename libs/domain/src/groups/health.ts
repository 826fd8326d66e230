import type { HealthState, InstanceView, ServerGroupView } from './cluster.js';

/** What is known about one instance: EC2's state (null: not read), each target group's state, Auto Scaling's state. */
export interface InstanceFacts {
  readonly ec2State: string | null;
  readonly targetStates: readonly string[];
  readonly lifecycleState: string;
}

const targetStates: Readonly<Record<string, HealthState>> = {
  healthy: 'Up',
  initial: 'Starting',
  unused: 'OutOfService',
  draining: 'Draining',
  // Clouddriver reads these two as Down; AWS documents them as "no data" and as a drain (clouddriver-aws 7.9).
  unavailable: 'Unknown',
  'unhealthy.draining': 'Draining',
};

const precedence = ['Starting', 'Down', 'OutOfService', 'Draining'] as const;

/**
 * An instance's health in Clouddriver's words, by Clouddriver's order: all known entries Up is Up; else the first of
 * Starting, Down, OutOfService, Draining; else Unknown. Only an instance that Auto Scaling has in service can be Up.
 * Total; source: clouddriver-aws 3.4.
 */
export function instanceHealth(facts: InstanceFacts): HealthState {
  const known: readonly HealthState[] = [
    lifecycleHealth(facts.lifecycleState),
    ec2Health(facts.ec2State),
    ...facts.targetStates.map((state) => targetStates[state] ?? 'Down'),
  ].filter((state) => state !== 'Unknown');
  if (known.length > 0 && known.every((state) => state === 'Up')) return 'Up';
  return precedence.find((state) => known.includes(state)) ?? 'Unknown';
}

/**
 * Whether an instance counts as healthy capacity: in service, not known to be down, and healthy in every target group of
 * its server group; without target groups EC2's word is enough. Auto Scaling's own mark of it (Unhealthy) counts too, since
 * it is about to be replaced then, unless ReplaceUnhealthy is suspended.
 */
export function isUp(
  instance: InstanceView,
  group: Pick<ServerGroupView, 'targetGroupArns' | 'suspendedProcesses'>,
): boolean {
  if (instance.lifecycleState !== 'InService') return false;
  const replaces = !group.suspendedProcesses.includes('ReplaceUnhealthy');
  if (replaces && instance.healthStatus !== 'Healthy') return false;
  const healthyIn = new Set(
    instance.targetHealth
      .filter(({ state }) => state === 'healthy')
      .map((one) => one.targetGroupArn),
  );
  if (group.targetGroupArns.some((arn) => !healthyIn.has(arn))) return false;
  return (
    instance.health === 'Up' ||
    (group.targetGroupArns.length === 0 && instance.health === 'Unknown')
  );
}

/** Whether these suspensions take a server group out of traffic: Clouddriver's meaning of disabled (clouddriver-aws 3.1). */
export function isDisabledBy(suspendedProcesses: readonly string[]): boolean {
  return suspendedProcesses.includes('AddToLoadBalancer');
}

function lifecycleHealth(lifecycleState: string): HealthState {
  if (lifecycleState === 'InService') return 'Unknown';
  if (lifecycleState.startsWith('Pending')) return 'Starting';
  if (/^(EnteringStandby|Standby|Warmed)/.test(lifecycleState)) return 'OutOfService';
  return 'Down';
}

function ec2Health(state: string | null): HealthState {
  if (state === null || state === 'running') return 'Unknown';
  return state === 'pending' ? 'Starting' : 'Down';
}
