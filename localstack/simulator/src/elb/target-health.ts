import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { appOf, planCrash } from '../world/image-fault.js';
import type { Scope } from '../world/scope.js';
import type { Transition } from '../world/world.js';
import type { TargetGroupRecord, TargetRecord } from './records.js';

/** From the registration to the first check; an assumption. */
const REGISTRATION_SECONDS = 2;

/**
 * The health of a registered target: initial → healthy ⇄ unhealthy, draining → gone, unused while no listener sends
 * its group traffic or while the instance is stopped, unavailable while its group has no checks.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export const targetTransitions: Readonly<Record<string, Transition>> = {
  'target:checked': (scope, key) => {
    const target = scope.tables.targets.find(key);
    const instance = scope.tables.instances.find(target?.instanceId ?? '');
    if (target === undefined || target.state === 'draining' || target.state === 'unused') return;
    if (target.reason === 'Target.HealthCheckDisabled') return;
    const failure = instance === undefined ? undefined : appOf(scope, instance).failedCheck;
    const passes = instance?.state === 'running' && failure === undefined;
    const isFunction = target.instanceId.startsWith('arn:');
    setState(
      scope,
      key,
      passes || isFunction ? healthy : { ...failing, reason: failure ?? failing.reason },
    );
  },
  'target:registered': (scope, key) => {
    if (scope.tables.targets.find(key)?.state === 'initial') setState(scope, key, checking);
  },
  'instance:app-crashed': (scope, instanceId) => {
    // A change of the instance for all who look at it, though none of its members is another one.
    scope.tables.instances.update(instanceId, {});
    instanceChangedForTargets(scope, instanceId);
  },
  'target:drained': (scope, key) => {
    const target = scope.tables.targets.find(key);
    if (target?.state !== 'draining') return;
    scope.tables.targets.delete(key);
    scope.world.targetGroupChanged(scope, target.targetGroupArn);
  },
};

const healthy = { state: 'healthy', reason: undefined } as const;
const failing = { state: 'unhealthy', reason: 'Target.FailedHealthChecks' } as const;
const notInUse = { state: 'unused', reason: 'Target.NotInUse' } as const;
const stopped = { state: 'unused', reason: 'Target.InvalidState' } as const;
const initial = { state: 'initial', reason: 'Elb.RegistrationInProgress' } as const;
const checking = { state: 'initial', reason: 'Elb.InitialHealthChecking' } as const;
const unchecked = { state: 'unavailable', reason: 'Target.HealthCheckDisabled' } as const;
const draining = { state: 'draining', reason: 'Target.DeregistrationInProgress' } as const;

export function targetKey(
  target: Pick<TargetRecord, 'targetGroupArn' | 'instanceId' | 'port'>,
): string {
  return `${target.targetGroupArn}|${target.instanceId}|${target.port}`;
}

/** Registers a target; one that is registered and not draining stays as it is. */
export function registerTarget(
  scope: Scope,
  group: TargetGroupRecord,
  target: { instanceId: string; port?: number | undefined },
): void {
  const record = {
    targetGroupArn: group.arn,
    instanceId: target.instanceId,
    port: target.port ?? group.port,
  };
  const key = targetKey(record);
  const known = scope.tables.targets.find(key);
  if (known !== undefined && known.state !== 'draining') return;
  scope.cancel('target:drained', key);
  scope.tables.targets.put(key, { ...record, ...beginning(scope, group) });
  beginChecks(scope, key, group);
  scope.world.targetGroupChanged(scope, group.arn);
}

function beginning(scope: Scope, group: TargetGroupRecord): Pick<TargetRecord, 'state' | 'reason'> {
  if (!isInUse(scope, group.arn)) return notInUse;
  return group.healthCheck.enabled === false ? unchecked : initial;
}

/** Deregisters a target: it drains for the deregistration delay. One that is not registered is left alone. */
export function deregisterTarget(scope: Scope, key: string): void {
  const target = scope.tables.targets.find(key);
  if (target === undefined || target.state === 'draining') return;
  const delaySeconds = drainSecondsOf(scope, target.targetGroupArn);
  const isServing =
    target.state === 'healthy' || target.state === 'unhealthy' || target.state === 'initial';
  scope.cancel('target:checked', key);
  if (isServing && delaySeconds > 0) {
    scope.tables.targets.update(key, draining);
    scope.reschedule('target:drained', key, delaySeconds);
  } else {
    scope.tables.targets.delete(key);
  }
  scope.world.targetGroupChanged(scope, target.targetGroupArn);
}

export function drainSecondsOf(scope: Scope, targetGroupArn: string): number {
  return Number(
    scope.tables.targetGroups.find(targetGroupArn)?.attributes[
      'deregistration_delay.timeout_seconds'
    ] ?? 300,
  );
}

/** A group gets traffic when a listener's action names it. */
export function isInUse(scope: Scope, targetGroupArn: string): boolean {
  return loadBalancersOf(scope, targetGroupArn).length > 0;
}

/** The load balancers whose listeners or rules send the group traffic. */
export function loadBalancersOf(scope: Scope, targetGroupArn: string): readonly string[] {
  const listeners = scope.tables.listeners.all().filter(({ arn, actions }) => {
    const rules = scope.tables.rules.where('listener', arn);
    return [actions, ...rules.map((rule) => rule.actions)].some((list) =>
      forwardsTo(list, targetGroupArn),
    );
  });
  return [...new Set(listeners.map(({ loadBalancerArn }) => loadBalancerArn))];
}

function forwardsTo(actions: readonly Action[], targetGroupArn: string): boolean {
  return actions.some(
    (action) =>
      action.TargetGroupArn === targetGroupArn ||
      action.ForwardConfig?.TargetGroups?.some((tuple) => tuple.TargetGroupArn === targetGroupArn),
  );
}

/** After listeners have changed: targets of a group that came into use begin their checks, the others are unused. */
export function refreshUse(scope: Scope, targetGroupArn: string): void {
  const group = scope.tables.targetGroups.find(targetGroupArn);
  if (group === undefined) return;
  const inUse = isInUse(scope, targetGroupArn);
  for (const target of scope.tables.targets.where('targetGroup', targetGroupArn)) {
    const key = targetKey(target);
    if (inUse && target.reason === 'Target.NotInUse') {
      setState(scope, key, beginning(scope, group));
      beginChecks(scope, key, group);
    }
    if (!inUse && target.state !== 'draining' && target.reason !== 'Target.InvalidState') {
      scope.cancel('target:checked', key);
      setState(scope, key, notInUse);
    }
  }
}

/** What an instance's change of state means for the targets that it is. */
export const instanceChangedForTargets: Transition = (scope, instanceId) => {
  const instance = scope.tables.instances.find(instanceId);
  planCrash(scope, instanceId);
  for (const target of scope.tables.targets.where('instance', instanceId)) {
    const key = targetKey(target);
    const group = scope.tables.targetGroups.find(target.targetGroupArn);
    if (instance === undefined) scope.tables.targets.delete(key);
    else if (target.state === 'unavailable') continue;
    else if (target.state === 'draining' || group === undefined) continue;
    else if (instance.state === 'terminated' || instance.state === 'stopped') {
      scope.cancel('target:checked', key);
      setState(scope, key, stopped);
    } else if (target.reason === stopped.reason) {
      // Started again: it is checked anew, as if it had just been registered.
      if (instance.state !== 'running') continue;
      setState(scope, key, beginning(scope, group));
      beginChecks(scope, key, group);
    } else scheduleCheck(scope, key, group);
  }
};

function beginChecks(scope: Scope, key: string, group: TargetGroupRecord): void {
  if (scope.tables.targets.find(key)?.state !== 'initial') return;
  const { intervalSeconds, healthyThreshold } = group.healthCheck;
  scope.reschedule('target:registered', key, REGISTRATION_SECONDS);
  const starting = startingSeconds(scope, key);
  scope.reschedule('target:checked', key, starting + intervalSeconds * healthyThreshold);
}

/** After the group's health checks were switched on or off: its targets begin anew, or are known of no more. */
export function refreshChecks(scope: Scope, group: TargetGroupRecord): void {
  for (const target of scope.tables.targets.where('targetGroup', group.arn)) {
    const key = targetKey(target);
    if (target.state === 'draining' || target.state === 'unused') continue;
    if ((target.state === 'unavailable') === (group.healthCheck.enabled === false)) continue;
    setState(scope, key, beginning(scope, group));
    beginChecks(scope, key, group);
  }
}

/** The next verdict comes after as many checks as the threshold of the other state asks for. */
function scheduleCheck(scope: Scope, key: string, group: TargetGroupRecord): void {
  const state = scope.tables.targets.find(key)?.state;
  const { intervalSeconds, healthyThreshold, unhealthyThreshold } = group.healthCheck;
  const threshold = state === 'healthy' ? unhealthyThreshold : healthyThreshold;
  const starting = startingSeconds(scope, key);
  scope.schedule('target:checked', key, starting + intervalSeconds * threshold);
}

/** A target whose application is still starting stays as it is until that is up: no check is taken as failed. */
function startingSeconds(scope: Scope, key: string): number {
  const target = scope.tables.targets.find(key);
  const instance = scope.tables.instances.find(target?.instanceId ?? '');
  return Math.max(0, (instance?.answersFrom ?? 0) - scope.now()) / 1000;
}

function setState(scope: Scope, key: string, next: Pick<TargetRecord, 'state' | 'reason'>): void {
  const target = scope.tables.targets.find(key);
  if (target === undefined || (target.state === next.state && target.reason === next.reason))
    return;
  scope.tables.targets.update(key, next);
  scope.world.targetGroupChanged(scope, target.targetGroupArn);
}
