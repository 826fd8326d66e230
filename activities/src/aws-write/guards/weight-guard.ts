import type { Aws } from '@gennaker/aws';
import type { SetRuleWeightsInput } from '@gennaker/contract/wire';
import {
  GennakerError,
  isUp,
  ruleName,
  targetGroupName,
  type ServerGroupView,
  type WeightGuard,
} from '@gennaker/domain';
import { look } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { lackUntil, lackOf } from './traffic-guard.js';

/**
 * Returns once a fresh look shows that the guard's server group can take the requests that its target group is about to
 * get. Throws TRAFFIC_GUARD with what was found; nothing was changed then.
 */
export async function assertWeightGuard(
  aws: Aws,
  { context, rule }: SetRuleWeightsInput,
  guard: WeightGuard,
): Promise<void> {
  const observedBy = (serverGroup: string) =>
    observedSubject(aws, { ...rule, serverGroup }, context.priority);
  const [replaced, relieved] = await Promise.all([
    guard.replaces === undefined ? null : look(observedBy(guard.replaces)),
    guard.relieves === undefined ? null : look(observedBy(guard.relieves), { withHealth: true }),
  ]);
  const found = await lackUntil(observedBy(guard.serverGroup), (group) => {
    if (!group.targetGroupArns.includes(guard.targetGroupArn)) return 'is not attached to it';
    if (relieved !== null && isBetterThan(group, relieved)) return null;
    return lackOf(group, replaced, guard);
  });
  if (found === null) return;
  const { targetGroupArn, serverGroup } = guard;
  throw new GennakerError(
    'TRAFFIC_GUARD',
    `The ${ruleName(rule.arn)} was not changed: ${targetGroupName(targetGroupArn)} cannot take more requests, since ` +
      `${serverGroup} ${found}.`,
    { details: { ruleArn: rule.arn, targetGroupArn, serverGroup, found } },
  );
}

function isBetterThan(group: ServerGroupView, relieved: ServerGroupView): boolean {
  if (group.deleting || !group.enabled) return false;
  const healthy = healthyIn(group);
  return healthy >= 1 && healthy >= healthyIn(relieved);
}

function healthyIn(group: ServerGroupView): number {
  return group.instances.filter((instance) => isUp(instance, group)).length;
}
