import type { DeployPlan } from '../deploy-plan.js';
import { fleetLaunches, type LaunchedFrom, type Purchase } from './fleet-launches.js';
import type { LaunchedFleet } from './launched-fleets.js';
import { closeToLimitPercent, type Finding } from './limit-finding.js';

/** An instance type as it is bought. */
export interface TypeBought {
  readonly instanceType: string;
  readonly purchase: Purchase;
}

/** How many vCPUs the types of a plan have, and how many of them EC2 allows. */
export interface VcpuRoom {
  readonly types: readonly (TypeBought & {
    /** By default (DescribeInstanceTypes). */
    readonly vcpus: number;
    /** Name of the quota that they count against; null: none is known. */
    readonly quota: string | null;
  })[];
  readonly quotas: readonly VcpuQuota[];
}

/** One of EC2's vCPU quotas: it bounds the families of its name together, in all of the region. */
export interface VcpuQuota {
  /** Such as `Standard On-Demand`. */
  readonly name: string;
  readonly vcpusUsed: number;
  readonly vcpusMax: number;
}

/** What was read of vCPUs for a plan. */
export interface VcpuFacts {
  readonly from: LaunchedFrom;
  readonly room: VcpuRoom;
}

/** Every type that fleets may launch, as it is bought, once. Throws INVALID_REQUEST as `fleetLaunches` does. Pure. */
export function typesBought(
  moments: readonly (readonly LaunchedFleet[])[],
  from: LaunchedFrom,
): readonly TypeBought[] {
  const bought = moments
    .flat()
    .flatMap((fleet) =>
      fleetLaunches(fleet, from).flatMap(({ purchase, types }) =>
        types.map(({ instanceType }): TypeBought => ({ instanceType, purchase })),
      ),
    );
  const seen = new Map(bought.map((one) => [`${one.instanceType}/${one.purchase}`, one]));
  return [...seen.values()];
}

/**
 * What vCPUs a plan lacks. A fleet of several types is refused for what it needs at least, since Auto Scaling goes on to the
 * next type where one is not to be had, and warned of for what it needs if all of it is of the largest. Pure.
 */
export function vcpuFindings(
  { target }: DeployPlan,
  moments: readonly (readonly LaunchedFleet[])[],
  { from, room }: VcpuFacts,
): readonly Finding[] {
  const needs = moments.map((fleets) => needsOf(fleets, from, room));
  const own = moments.at(-1)?.find(({ isTemporary }) => !isTemporary);
  const beyond = Math.max(0, target.capacity.max - target.capacity.desired);
  const grown =
    own === undefined ? [] : needsOf([{ ...own, instances: own.instances + beyond }], from, room);
  const found = room.quotas.flatMap((quota) => {
    const { least, most } = largest(needs.flat(), quota.name);
    const atMaximum = largest(grown, quota.name).most;
    return quotaFinding(quota, { least, most, atMaximum, max: target.capacity.max });
  });
  const unknown = room.types.filter(({ quota }) => quota === null);
  return [...found, ...unknown.map(withoutQuota)];
}

/** vCPUs that fleets need of one quota. */
interface Need {
  readonly quota: string;
  readonly least: number;
  readonly most: number;
}

/** What fleets that are there at one time need together. */
function needsOf(
  fleets: readonly LaunchedFleet[],
  from: LaunchedFrom,
  room: VcpuRoom,
): readonly Need[] {
  const sums = new Map<string, Need>();
  for (const part of fleets.flatMap((fleet) => fleetLaunches(fleet, from))) {
    const each = part.types.map(({ instanceType, weight }) => {
      const type = room.types.find(
        (one) => one.instanceType === instanceType && one.purchase === part.purchase,
      );
      return { quota: type?.quota ?? '', perUnit: (type?.vcpus ?? 0) / weight };
    });
    const isOneQuota = each.every(({ quota }) => quota === each[0]?.quota);
    for (const quota of new Set(each.map((one) => one.quota))) {
      const perUnit = each.filter((one) => one.quota === quota).map((one) => one.perUnit);
      const { least = 0, most = 0 } = sums.get(quota) ?? {};
      sums.set(quota, {
        quota,
        least: least + (isOneQuota ? Math.ceil(part.units * Math.min(...perUnit)) : 0),
        most: most + Math.ceil(part.units * Math.max(...perUnit)),
      });
    }
  }
  return [...sums.values()];
}

function largest(needs: readonly Need[], quota: string): Omit<Need, 'quota'> {
  const own = needs.filter((need) => need.quota === quota);
  return {
    least: Math.max(0, ...own.map(({ least }) => least)),
    most: Math.max(0, ...own.map(({ most }) => most)),
  };
}

function quotaFinding(
  { name, vcpusUsed, vcpusMax }: VcpuQuota,
  needs: {
    readonly least: number;
    readonly most: number;
    readonly atMaximum: number;
    readonly max: number;
  },
): readonly Finding[] {
  const free = Math.max(0, vcpusMax - vcpusUsed);
  const { least, most, atMaximum, max } = needs;
  const needed = (vcpus: number) =>
    `it needs ${vcpus} more vCPUs of ${name}, ${free} of ${vcpusMax} are free`;
  if (least > free) return [{ kind: 'refusal', words: needed(least) }];
  if (most > free) {
    const words = `Of the largest of its instance types ${needed(most)}.`;
    return [{ kind: 'warning', words }];
  }
  if (most * 100 > free * closeToLimitPercent) {
    return [{ kind: 'warning', words: `Close to the limit: ${needed(most)}.` }];
  }
  if (atMaximum <= free) return [];
  return [{ kind: 'warning', words: `Scaled out to its maximum of ${max} ${needed(atMaximum)}.` }];
}

function withoutQuota({ instanceType, purchase }: TypeBought): Finding {
  const bought = purchase === 'spot' ? 'on Spot' : 'On-Demand';
  return {
    kind: 'warning',
    words: `The vCPUs could not be checked: no quota of ${instanceType} ${bought} is known.`,
  };
}
