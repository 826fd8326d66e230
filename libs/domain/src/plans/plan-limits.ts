import type { Checked } from '../checked.js';
import { GennakerError } from '../errors.js';
import type { DeployPlan } from './deploy-plan.js';
import { defaultZoneFloorPercent } from './steps.js';

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
}

/** How many Auto Scaling groups there are, and may be (Auto Scaling DescribeAccountLimits). */
export interface GroupRoom {
  readonly serverGroups: number;
  readonly serverGroupsMax: number;
}

/** How many targets a target group or a load balancer has, and may have. */
export interface TargetRoom {
  /** In words, such as `load balancer web-prod`. */
  readonly what: string;
  readonly targets: number;
  /** Target groups of the plan behind it: each new instance is a target in every one of them. */
  readonly targetGroups: number;
  readonly targetsMax: number;
  /** `told`: by AWS for this account. `default`: documented, and perhaps raised, so that it refuses nothing. */
  readonly source: 'told' | 'default';
}

/** From this share of a limit on, a plan warns: what is left is what one scale-out uses up. */
const closeToLimitPercent = 90;

/**
 * The plan with warnings about what is close to a limit or could not be checked. Addresses are counted per zone by an even
 * spread, as Auto Scaling launches; a zone that cannot carry its zone floor refuses, since the switch would wait for it until
 * the deadline. Pure. Throws AWS_QUOTA, naming every shortage.
 */
export function withinLimits(
  plan: DeployPlan,
  change: AddedInstances,
  limits: LimitFacts,
): DeployPlan {
  const { added, targetsAdded = added, zoneFloorPercent } = change;
  const floor = zoneFloorPercent ?? defaultZoneFloorPercent;
  const room = { added: Math.max(0, added), targetsAdded: Math.max(0, targetsAdded), floor };
  const found = [
    ...addressFindings(plan, room, limits),
    ...targetFindings(room, limits),
    ...groupFindings(plan, limits),
  ];
  const refusals = found.filter((one) => one.kind === 'refusal').map((one) => one.words);
  if (refusals.length > 0) {
    throw new GennakerError(
      'AWS_QUOTA',
      `What ${plan.cluster.cluster} is to have cannot be brought up beside what runs: ${refusals.join('; ')}. Nothing was changed.`,
      { details: { shortages: refusals } },
    );
  }
  const warnings = found.map((one) => one.words);
  return warnings.length === 0 ? plan : { ...plan, warnings: [...plan.warnings, ...warnings] };
}

/** What a plan adds to what runs. */
export interface AddedInstances {
  readonly added: number;
  /** Those that are registered in each target group, where they are more: a warm fleet runs and is not registered. */
  readonly targetsAdded?: number;
  /** As of the stage. */
  readonly zoneFloorPercent?: number;
}

interface Finding {
  readonly kind: 'refusal' | 'warning';
  readonly words: string;
}

interface Room {
  readonly added: number;
  readonly targetsAdded: number;
  readonly floor: number;
}

function addressFindings(
  { target }: DeployPlan,
  { added, floor }: Room,
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
  const atMaximum = target.capacity.max - target.capacity.desired + added;
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

function targetFindings({ targetsAdded }: Room, { targets }: LimitFacts): readonly Finding[] {
  if (targetsAdded === 0) return [];
  if ('unknown' in targets) return [unchecked('The room for targets', targets.unknown)];
  return targets.value.flatMap((room): readonly Finding[] => {
    const more = targetsAdded * room.targetGroups;
    const together = room.targets + more;
    const needs = `${more} more targets in ${room.what} make ${together}, ${room.targetsMax} are allowed`;
    if (together > room.targetsMax && room.source === 'told') {
      return [{ kind: 'refusal', words: needs }];
    }
    if (together * 100 <= room.targetsMax * closeToLimitPercent) return [];
    const unless = room.source === 'default' ? ' unless AWS has raised it for this account' : '';
    return [{ kind: 'warning', words: `Close to the limit: ${needs}${unless}.` }];
  });
}

/** Only of a plan that makes one. */
function groupFindings({ steps }: DeployPlan, { serverGroups }: LimitFacts): readonly Finding[] {
  const makesOne = steps.some((step) => step.operation === 'createServerGroup');
  if (!makesOne || serverGroups === undefined) return [];
  if ('unknown' in serverGroups) {
    return [unchecked('The room for Auto Scaling groups', serverGroups.unknown)];
  }
  const { serverGroups: there, serverGroupsMax: max } = serverGroups.value;
  const needs = `one more Auto Scaling group makes ${there + 1} in this region, ${max} are allowed`;
  if (there + 1 > max) return [{ kind: 'refusal', words: needs }];
  const isClose = (there + 1) * 100 > max * closeToLimitPercent;
  return isClose ? [{ kind: 'warning', words: `Close to the limit: ${needs}.` }] : [];
}

function unchecked(what: string, why: string): Finding {
  return { kind: 'warning', words: `${what} could not be checked: ${why}` };
}
