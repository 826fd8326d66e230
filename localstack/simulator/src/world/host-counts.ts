import { loadBalancersOf } from '../elb/target-health.js';
import type { Scope } from './scope.js';

/** Counts anew after targets have come, gone or changed. */
export function countHosts(scope: Scope, targetGroupArn: string): void {
  const targets = scope.tables.targets
    .where('targetGroup', targetGroupArn)
    .filter(({ state }) => state !== 'draining');
  scope.tables.hostCounts.put(`${targetGroupArn}|${scope.now()}`, {
    targetGroupArn,
    at: scope.now(),
    loadBalancerArns: loadBalancersOf(scope, targetGroupArn),
    healthy: targets.filter(({ state }) => state === 'healthy').length,
    unhealthy: targets.filter(({ state }) => state === 'unhealthy').length,
    registered: targets.length,
  });
  forgetOld(scope, targetGroupArn);
}

const KEPT_MS = 15 * 86_400_000;

/** The last count before the time that is kept still tells how it began. */
function forgetOld(scope: Scope, targetGroupArn: string): void {
  const [oldest, second] = scope.tables.hostCounts.where('targetGroup', targetGroupArn);
  if (oldest === undefined || second === undefined || second.at > scope.now() - KEPT_MS) return;
  scope.tables.hostCounts.delete(`${targetGroupArn}|${oldest.at}`);
}
