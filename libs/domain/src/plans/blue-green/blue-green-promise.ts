import { requiredHealthy } from '../../groups/capacity.js';
import type { ServerGroupView } from '../../groups/cluster.js';
import type { BlueGreenFacts } from './blue-green-facts.js';
import type { PlannedEnd, PlanPromise } from '../plan-promise.js';
import { asItIs } from '../plan-promises.js';
import { lastingCount } from '../source-of.js';

/**
 * At every moment as much gets requests as did at the start, or as the new group must have healthy where that is less. The
 * old fleet is as large afterwards, without requests, or out of its target group; what was warm before is disabled.
 */
export function blueGreenPromise(facts: BlueGreenFacts, warmSeconds: number): PlanPromise {
  const { colours, present, target, weights } = facts;
  const serving = colours.serving.reduce((sum, group) => sum + lastingCount(group), 0);
  const healthyMin = requiredHealthy(target.capacity.desired, target.targetHealthyPercent);
  const fateOf = (group: ServerGroupView): PlannedEnd => {
    const { name: serverGroup, capacity } = group;
    if (colours.waiting.includes(group)) {
      const min = Math.min(weights.warm[serverGroup]?.instancesMin ?? capacity.min, capacity.min);
      return { serverGroup, state: 'disabled', capacity: { ...capacity, min } };
    }
    if (!colours.serving.includes(group)) return asItIs(group);
    if (warmSeconds === 0) return { serverGroup, state: 'disabled', capacity };
    const min = Math.max(capacity.min, capacity.desired);
    return { serverGroup, state: 'enabled', capacity: { ...capacity, min } };
  };
  const newGroup = { serverGroup: target.serverGroup } as const;
  return {
    instancesServingMin: Math.min(serving, healthyMin),
    succeeded: {
      serverGroups: [
        ...present.map(fateOf),
        { ...newGroup, state: 'enabled', capacity: target.capacity },
      ],
    },
    undone: {
      serverGroups: [...present.map(asItIs), { ...newGroup, state: 'gone', capacity: null }],
    },
  };
}
