import { GennakerError } from '../../errors.js';
import type { ServerGroupView } from '../../groups/cluster.js';
import { targetGroupName } from '../../weights/listener-rule.js';
import { refuseForeignWeights, refuseRules } from '../blue-green/blue-green-refusals.js';
import { activeTargetGroup } from '../blue-green/colours.js';
import type { WeightFacts } from '../blue-green/weight-facts.js';
import { sourceOf } from '../source-of.js';
import type { RollbackFacts } from './rollback-facts.js';
import type { RollbackPair } from './rollback-target.js';

/** A rollback by weights: the two target groups, and who changes places. */
export interface WeightedRollback {
  readonly weights: WeightFacts;
  /** Target group of what serves, and of what comes back. */
  readonly from: string;
  readonly to: string;
  readonly pair: RollbackPair;
}

/**
 * Who changes places where requests are switched by weights: what stands behind the other target group gives its requests up.
 * Null where the two are behind one target group, or no rules are known: then registration is what moves them. Throws
 * INVALID_REQUEST and CHANGED_BY_SOMEONE_ELSE as a deploy by weights does; PRECONDITION_FAILED when the rules send their
 * requests to the target already.
 */
export function weightedRollback(
  { stage, cluster, weights }: RollbackFacts,
  pair: RollbackPair,
): WeightedRollback | null {
  const [to] = pair.target.targetGroupArns;
  if (weights === undefined || to === undefined) return null;
  const targetGroupArns = weights.targetGroups.map((group) => group.arn);
  const from = targetGroupArns.find((arn) => arn !== to);
  if (from === undefined || !targetGroupArns.includes(to)) return null;
  const { ruleArns = weights.rules.map((rule) => rule.arn), acceptWeights = [] } = stage;
  const strategy = { targetGroupArns, ruleArns, acceptWeights };
  refuseRules({ refId: stage.refId, strategy }, weights);
  if (activeTargetGroup(strategy, weights) === to) {
    throw new GennakerError(
      'PRECONDITION_FAILED',
      `${pair.target.name} has the requests already: the rules send them to ${targetGroupName(to)}.`,
      { details: { serving: [pair.target.name] } },
    );
  }
  refuseForeignWeights({ refId: stage.refId, strategy }, weights, { idle: to });
  const others = pair.others.filter((group) => group.targetGroupArns.includes(from));
  const serving = sourceOf({ ...cluster, serverGroups: others });
  return { weights, from, to, pair: { target: unpinned(pair.target, weights), others, serving } };
}

/** With the minimum that a warm fleet had before it was pinned. */
function unpinned(group: ServerGroupView, { warm }: WeightFacts): ServerGroupView {
  const { capacity, enabled } = group;
  const min = warm[group.name]?.instancesMin ?? capacity.min;
  if (!enabled || min >= capacity.min) return group;
  return { ...group, capacity: { ...capacity, min } };
}
