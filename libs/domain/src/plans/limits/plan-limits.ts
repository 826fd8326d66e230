import type { Checked } from '../../checked.js';
import { GennakerError } from '../../errors.js';
import type { DeployPlan } from '../deploy-plan.js';
import {
  fleetsAtOnce,
  mostAtOnce,
  type AddedInstances,
  type LaunchedFleet,
} from './launched-fleets.js';
import { closeToLimitPercent, unchecked, type Finding } from './limit-finding.js';
import { defaultZoneFloorPercent } from '../steps.js';
import { vcpuFindings, type VcpuFacts } from './vcpu-limits.js';

/** What AWS has room for at the moment, for both fleets at once: the old one is counted as it is. */
export interface LimitFacts {
  readonly subnets: Checked<
    readonly {
      readonly subnetId: string;
      readonly zone: string;
      readonly availableAddresses: number;
    }[]
  >;
  readonly targets: Checked<readonly TargetRoom[]>;
  /** Auto Scaling groups of the account in the region; absent: not looked at. */
  readonly serverGroups?: Checked<GroupRoom>;
  /** Absent: not looked at. */
  readonly vcpus?: Checked<VcpuFacts>;
  /** Why AWS did not tell how many targets a target group may have; absent: it did, or was not asked. */
  readonly targetQuotaUnknown?: string;
}

/** How many Auto Scaling groups there are, and may be (Auto Scaling DescribeAccountLimits). */
export interface GroupRoom {
  readonly serverGroups: number;
  readonly serverGroupsMax: number;
}

/** How many targets a target group or a load balancer has, and may have. */
export interface TargetRoom {
  /** A canary's temporary fleets are behind the load balancer, and in target groups of their own. */
  readonly kind: 'targetGroup' | 'loadBalancer';
  readonly name: string;
  readonly targets: number;
  /** Target groups of the plan behind it: each new instance is a target in every one of them. */
  readonly targetGroups: number;
  readonly targetsMax: number;
  /** `told`: by AWS for this account. `default`: documented, and perhaps raised, so that it refuses nothing. */
  readonly source: 'told' | 'default';
}

/**
 * The plan with warnings about what is close to a limit or could not be checked. Everything is counted for the moment at which
 * most of it is there: temporary fleets of a canary too. Addresses are counted per zone by an even spread, as Auto Scaling
 * launches; a zone that cannot carry its zone floor refuses, since the switch would wait for it until the deadline. Pure.
 * Throws AWS_QUOTA, naming every shortage.
 */
export function withinLimits(
  plan: DeployPlan,
  change: AddedInstances,
  limits: LimitFacts,
): DeployPlan {
  const floor = change.zoneFloorPercent ?? defaultZoneFloorPercent;
  const moments = fleetsAtOnce(plan, change);
  const added = mostAtOnce(moments, ({ instances }) => instances);
  const found = [
    ...addressFindings(plan, { added, floor, own: Math.max(0, change.added) }, limits),
    ...targetFindings(moments, limits),
    ...groupFindings(plan, moments, limits),
    ...vcpusFound(plan, moments, limits),
  ];
  const refusals = found.filter((one) => one.kind === 'refusal').map((one) => one.words);
  if (refusals.length > 0) {
    throw new GennakerError(
      'AWS_QUOTA',
      `What ${plan.cluster.cluster} is to have cannot be brought up beside what runs: ${refusals.join('; ')}. Nothing was changed. ` +
        'Free some of it, or have AWS raise the quota; a smaller deploy, or one with the strategy rolling, needs less.',
      { details: { shortages: refusals } },
    );
  }
  const warnings = found.map((one) => one.words);
  return warnings.length === 0 ? plan : { ...plan, warnings: [...plan.warnings, ...warnings] };
}

interface Room {
  /** Instances at the moment at which there are most. */
  readonly added: number;
  /** Instances of the plan's own target. */
  readonly own: number;
  readonly floor: number;
}

function addressFindings(
  { target }: DeployPlan,
  { added, own, floor }: Room,
  { subnets }: LimitFacts,
): readonly Finding[] {
  if (added === 0) return [];
  if ('unknown' in subnets) return [unchecked('The free addresses', subnets.unknown)];
  const freeByZone = new Map<string, number>();
  for (const { zone, availableAddresses } of subnets.value) {
    freeByZone.set(zone, (freeByZone.get(zone) ?? 0) + availableAddresses);
  }
  if (freeByZone.size === 0) return [unchecked('The free addresses', 'AWS shows no subnet of it')];
  const total = [...freeByZone.values()].reduce((sum, free) => sum + free, 0);
  if (total < added) {
    const words = `it needs ${added} more addresses in ${[...freeByZone.keys()].join(', ')}, ${total} are free`;
    return [{ kind: 'refusal', words }];
  }
  const share = Math.ceil(added / freeByZone.size);
  const zones = [...freeByZone].flatMap(([zone, free]) =>
    zoneFinding({ zone, free, share, floor }),
  );
  const atMaximum = target.capacity.max - target.capacity.desired + own;
  const atMost: Finding[] =
    atMaximum > total && zones.length === 0
      ? [
          {
            kind: 'warning',
            words: `Scaled out to its maximum of ${target.capacity.max} it needs ${atMaximum} more addresses, ${total} are free.`,
          },
        ]
      : [];
  return [...zones, ...atMost];
}

function zoneFinding(zone: {
  readonly zone: string;
  readonly free: number;
  readonly share: number;
  readonly floor: number;
}): readonly Finding[] {
  const { free, share } = zone;
  const needs = `${share} more addresses in ${zone.zone}, ${free} are free`;
  if (free < Math.floor((share * zone.floor) / 100)) {
    return [{ kind: 'refusal', words: `it needs ${needs}` }];
  }
  const isClose = share * 100 > free * closeToLimitPercent;
  return isClose ? [{ kind: 'warning', words: `Close to the limit: it needs ${needs}.` }] : [];
}

function targetFindings(
  moments: readonly (readonly LaunchedFleet[])[],
  { targets, targetQuotaUnknown }: LimitFacts,
): readonly Finding[] {
  if (mostAtOnce(moments, (fleet) => fleet.targets) === 0) return [];
  if ('unknown' in targets) return [unchecked('The room for targets', targets.unknown)];
  const found = targets.value.flatMap((room): readonly Finding[] => {
    const more = mostAtOnce(moments, (fleet) => targetsIn(room, fleet));
    const together = room.targets + more;
    const what = room.kind === 'targetGroup' ? 'target group' : 'load balancer';
    const needs = `${more} more targets in ${what} ${room.name} make ${together}, ${room.targetsMax} are allowed`;
    if (together > room.targetsMax && room.source === 'told') {
      return [{ kind: 'refusal', words: needs }];
    }
    if (together * 100 <= room.targetsMax * closeToLimitPercent) return [];
    const unless = room.source === 'default' ? ' unless AWS has raised it for this account' : '';
    return [{ kind: 'warning', words: `Close to the limit: ${needs}${unless}.` }];
  });
  return targetQuotaUnknown === undefined
    ? found
    : [...found, unchecked('The quota of targets in a target group', targetQuotaUnknown)];
}

/** How many targets a fleet adds there. */
function targetsIn({ kind, targetGroups }: TargetRoom, fleet: LaunchedFleet): number {
  if (!fleet.isTemporary) return fleet.targets * targetGroups;
  return kind === 'targetGroup' ? 0 : fleet.targets * fleet.target.targetGroupArns.length;
}

/** Only of a plan that makes one; a canary has several at a time. */
function groupFindings(
  { steps }: DeployPlan,
  moments: readonly (readonly LaunchedFleet[])[],
  { serverGroups }: LimitFacts,
): readonly Finding[] {
  const makesOne = steps.some((step) => step.operation === 'createServerGroup');
  if (!makesOne || serverGroups === undefined) return [];
  if ('unknown' in serverGroups) {
    return [unchecked('The room for Auto Scaling groups', serverGroups.unknown)];
  }
  const { serverGroups: there, serverGroupsMax: max } = serverGroups.value;
  const more = mostAtOnce(moments, () => 1);
  const made =
    more === 1 ? 'one more Auto Scaling group makes' : `${more} more Auto Scaling groups make`;
  const needs = `${made} ${there + more} in this region, ${max} are allowed`;
  if (there + more > max) return [{ kind: 'refusal', words: needs }];
  const isClose = (there + more) * 100 > max * closeToLimitPercent;
  return isClose ? [{ kind: 'warning', words: `Close to the limit: ${needs}.` }] : [];
}

function vcpusFound(
  plan: DeployPlan,
  moments: readonly (readonly LaunchedFleet[])[],
  { vcpus }: LimitFacts,
): readonly Finding[] {
  if (vcpus === undefined) return [];
  if ('unknown' in vcpus) return [unchecked('The vCPUs', vcpus.unknown)];
  return vcpuFindings(plan, moments, vcpus.value);
}
