import { requiredHealthy } from '../groups/capacity.js';
import type { Capacity, ClusterRef, ServerGroupRef, ServerGroupView } from '../groups/cluster.js';
import type { PlanStep } from './plan-step.js';
import type { StrategyFacts, SwitchFacts } from './strategy-plan.js';

/** Share of the old groups' instances that a zone of the new one must have, where the stage says nothing. */
export const defaultZoneFloorPercent = 90;

/** The server group of that name in the cluster's account and region. */
export function subjectIn(cluster: ClusterRef, serverGroup: string): ServerGroupRef {
  return { account: cluster.account, region: cluster.region, serverGroup };
}

/** Healthy instances that the new group must have. */
export function healthyMinOf({ target }: SwitchFacts): number {
  return requiredHealthy(target.capacity.desired, target.targetHealthyPercent);
}

/** `weightless`: target groups that no rule may send requests to when an undo destroys the group. */
export function createStep(
  { stage, cluster, target, source }: StrategyFacts,
  weightless?: readonly string[],
): PlanStep {
  const from = source === null ? '' : ` from ${source.name}`;
  return {
    id: 'create',
    operation: 'createServerGroup',
    title: `Create ${target.serverGroup} at 0/0/0${from}`,
    subject: subjectIn(cluster, target.serverGroup),
    ...(weightless !== undefined && { weightless }),
    ...(stage.onFailure === 'keepDisabled' && { keepOnFailure: true }),
  };
}

/** `id` tells apart the steps of a group that grows more than once. */
export function resizeStep(facts: StrategyFacts, id: string, capacity: Capacity): PlanStep {
  const { cluster, target } = facts;
  const { min, desired, max } = capacity;
  return {
    id,
    operation: 'resizeServerGroup',
    title: `Resize ${target.serverGroup} to ${min}/${desired}/${max}`,
    subject: subjectIn(cluster, target.serverGroup),
    capacity,
  };
}

export function healthyStep(
  { cluster, target }: StrategyFacts,
  wait: { readonly id: string; readonly instancesHealthyMin: number; readonly of: number },
): PlanStep {
  const { id, instancesHealthyMin } = wait;
  return {
    id,
    operation: 'awaitHealthy',
    title: `Wait until ${instancesHealthyMin} of ${wait.of} instances of ${target.serverGroup} are healthy`,
    subject: subjectIn(cluster, target.serverGroup),
    instancesHealthyMin,
  };
}

/** The minimum of a group whose scaling could otherwise shrink it while the traffic is on the way. */
export function pinStep(cluster: ClusterRef, group: ServerGroupView): PlanStep {
  const instancesMin = group.capacity.desired;
  return {
    id: `pin:${group.name}`,
    operation: 'pinServerGroup',
    title: `Pin the minimum of ${group.name} at ${instancesMin}`,
    subject: subjectIn(cluster, group.name),
    arn: group.arn,
    instancesMin,
    recorded: group.capacity,
  };
}

/** Ends a pin once the switch is verified; `arn` is null for the new group. The pin: of its size, unless it says otherwise. */
export function unpinStep(
  cluster: ClusterRef,
  group: {
    readonly name: string;
    readonly arn: string | null;
    readonly capacity: Capacity;
    readonly pinnedMin?: number;
  },
): PlanStep {
  const { name, arn, capacity, pinnedMin = capacity.desired } = group;
  return {
    id: `unpin:${name}`,
    operation: 'unpinServerGroup',
    title: `Set the minimum of ${name} to ${capacity.min} again`,
    subject: subjectIn(cluster, name),
    arn,
    recorded: capacity,
    pinnedMin,
  };
}

export function delayStep(
  { cluster, target }: StrategyFacts,
  delay: { readonly id: string; readonly seconds: number; readonly before: string },
): readonly PlanStep[] {
  if (delay.seconds === 0) return [];
  return [
    {
      id: delay.id,
      operation: 'delay',
      title: `Wait ${delay.seconds} s before ${delay.before}`,
      subject: subjectIn(cluster, target.serverGroup),
      delaySeconds: delay.seconds,
    },
  ];
}

/** No step where the stage names no alarms. */
export function watchStep(
  { cluster, target }: StrategyFacts,
  watch: {
    readonly id: string;
    readonly alarms: readonly string[];
    readonly seconds: number;
    readonly when: string;
  },
): readonly PlanStep[] {
  const { id, alarms, seconds, when } = watch;
  if (alarms.length === 0) return [];
  const names = alarms.length === 1 ? `alarm ${alarms[0]}` : `${alarms.length} alarms`;
  const duration = seconds === 0 ? '' : ` for ${seconds} s`;
  return [
    {
      id,
      operation: 'watchAlarms',
      title: `Watch ${names}${duration} ${when}`,
      subject: subjectIn(cluster, target.serverGroup),
      alarms,
      watchSeconds: seconds,
    },
  ];
}

/** Whether the new group grows with the old ones: a size that the stage gives is meant as it stands. */
function growsWithSource({ stage }: SwitchFacts): boolean {
  return stage.capacity === undefined;
}

/** The last look before a switch: the new group is as large as its source is now, in every zone. */
export function matchStep(facts: StrategyFacts, source: ServerGroupView): PlanStep {
  const { cluster, target, stage } = facts;
  return {
    id: 'match',
    operation: 'matchServerGroup',
    title: `See that ${target.serverGroup} covers ${source.name} as it is by now, in every zone`,
    subject: subjectIn(cluster, target.serverGroup),
    others: growsWithSource(facts) ? [source.name] : [],
    instancesHealthyMin: healthyMinOf(facts),
    targetHealthyPercent: target.targetHealthyPercent,
    zoneFloor: {
      serverGroups: [source.name],
      percent: stage.zoneFloorPercent ?? defaultZoneFloorPercent,
    },
  };
}

/** The source must be covered as it is at that moment; other enabled groups go once the new one has its own size. */
export function disableStep(facts: SwitchFacts, group: ServerGroupView): PlanStep {
  const { cluster, target, source, stage } = facts;
  const isSource = group.name === source?.name;
  const covers = isSource && growsWithSource(facts);
  const zoneFloorPercent = stage.zoneFloorPercent ?? defaultZoneFloorPercent;
  return {
    id: `disable:${group.name}`,
    operation: 'disableServerGroup',
    title: `Disable ${group.name}`,
    subject: subjectIn(cluster, group.name),
    guard: {
      serverGroup: target.serverGroup,
      instancesHealthyMin: healthyMinOf(facts),
      ...(covers && { coveringPercent: target.targetHealthyPercent }),
      ...(isSource && zoneFloorPercent > 0 && { zoneFloorPercent }),
    },
  };
}

export function verifyStep(facts: SwitchFacts): PlanStep {
  const { cluster, target } = facts;
  const instancesHealthyMin = healthyMinOf(facts);
  return {
    id: 'verify',
    operation: 'verifyDeploy',
    title: `Verify that ${target.serverGroup} serves with at least ${instancesHealthyMin} healthy instances`,
    subject: subjectIn(cluster, target.serverGroup),
    instancesHealthyMin,
  };
}

/** Part of a rolling switch: both groups together go on serving what the deploy promised. */
export function disableShareStep(
  { cluster, target }: StrategyFacts,
  group: ServerGroupView,
  share: { readonly percent: number; readonly instancesTogetherMin: number },
): PlanStep {
  const { percent, instancesTogetherMin } = share;
  return {
    id: `disable:${group.name}:${percent}`,
    operation: 'disableServerGroupShare',
    title: `Take ${percent} percent of ${group.name} out of traffic`,
    subject: subjectIn(cluster, group.name),
    arn: group.arn,
    percent,
    guard: { serverGroup: target.serverGroup, instancesTogetherMin },
  };
}
