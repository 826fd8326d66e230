import type { PlannedEnd, PlannedEndState, ServerGroupView } from '@gennaker/domain';
import type { TrafficCount } from '../support/e2e/simulator-control.js';

/** What somebody else has changed on purpose, so that no plan can name it. */
export interface EndLeeway {
  readonly sizesMoved: boolean;
  /** The server group that somebody has deleted. */
  readonly mayBeGone?: string | null;
}

/** Where the cluster is not as the plan had named it in advance, in words; empty when all is. */
export function endFaults(
  end: PlannedEndState,
  groups: readonly ServerGroupView[],
  { sizesMoved, mayBeGone = null }: EndLeeway,
): readonly string[] {
  const present = groups.filter((group) => !group.deleting);
  const planned = end.serverGroups.map((one) => one.serverGroup);
  const surplus = present.filter((group) => !planned.includes(group.name));
  return [
    ...surplus.map((group) => `${group.name} is there and was not planned`),
    ...end.serverGroups.flatMap((one) =>
      groupFaults(
        one.serverGroup === mayBeGone ? { ...one, mayBeGone: true } : one,
        present.find((group) => group.name === one.serverGroup),
        sizesMoved,
      ),
    ),
  ];
}

/** Requests that met no healthy target, and the fewest instances that ever shared them. */
export function trafficFaults(traffic: TrafficCount, floor: number | null): readonly string[] {
  const unmet = traffic.requestsWithNoHealthyTarget;
  const fewest = traffic.healthyHostsMin ?? 0;
  return [
    ...(unmet === 0 ? [] : [`${unmet} of ${traffic.requests} requests met no healthy target`]),
    ...(floor === null || fewest >= floor
      ? []
      : [`only ${fewest} instances served at one time, and ${floor} were promised`]),
  ];
}

function groupFaults(
  end: PlannedEnd,
  group: ServerGroupView | undefined,
  sizesMoved: boolean,
): readonly string[] {
  const name = end.serverGroup;
  const mayBeGone = end.state === 'gone' || end.mayBeGone === true;
  if (group === undefined) return mayBeGone ? [] : [`${name} is gone`];
  if (end.state === 'gone') return [`${name} is still there`];
  const state = group.enabled ? 'enabled' : 'disabled';
  if (state !== end.state) return [`${name} is ${state} and should be ${end.state}`];
  const up = group.instances.filter((instance) => instance.health === 'Up').length;
  const sick =
    group.enabled && up < group.capacity.desired
      ? [`${name} has ${up} of ${group.capacity.desired} instances healthy`]
      : [];
  if (sizesMoved || end.capacity === null) return sick;
  const { min, desired, max } = group.capacity;
  const wanted = `${end.capacity.min}/${end.capacity.desired}/${end.capacity.max}`;
  const size = `${min}/${desired}/${max}`;
  return size === wanted ? sick : [...sick, `${name} has sizes ${size} and should have ${wanted}`];
}
