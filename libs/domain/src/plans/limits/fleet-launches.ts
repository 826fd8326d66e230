import type { AwsMembers } from '../../carry/aws-members.js';
import type { MixedInstances } from '../../carry/source-carried-over.js';
import { GennakerError } from '../../errors.js';
import type { LaunchedFleet } from './launched-fleets.js';

/** How an instance is bought: On-Demand and Spot have vCPU quotas of their own. */
export type Purchase = 'onDemand' | 'spot';

/** What the group that a plan starts from launches, where the plan does not say otherwise. */
export interface LaunchedFrom {
  /** Null: its launch template names none. */
  readonly instanceType: string | null;
  /** `dedicatedHost`: those have quotas of their own, which are not looked at. */
  readonly purchase: Purchase | 'dedicatedHost';
  /** Of the group that is there already; null: it has none, or a new one gets it from the plan. */
  readonly mixedInstances: MixedInstances | null;
}

/** A part of a fleet that is bought in one way. */
export interface FleetLaunch {
  readonly purchase: Purchase;
  /** Instances, or units of capacity where types have weights. */
  readonly units: number;
  /** Any of them may be launched. */
  readonly types: readonly {
    readonly instanceType: string;
    /** Units that one instance makes up. */
    readonly weight: number;
  }[];
}

/** Auto Scaling's defaults of an InstancesDistribution (API_InstancesDistribution). */
const onDemandBaseDefault = 0;
const onDemandPercentDefault = 100;

/**
 * How a fleet is bought, by the mixed instances policy where there is one: On-Demand up to the base and by its share above,
 * rounded up. Parts of no instances are left out. Pure. Throws INVALID_REQUEST where types are told by their attributes
 * only, or not at all.
 */
export function fleetLaunches(
  { target, instances }: LaunchedFleet,
  from: LaunchedFrom,
): readonly FleetLaunch[] {
  if (instances === 0 || from.purchase === 'dedicatedHost') return [];
  const mixed = target.carriedOver?.mixedInstances ?? from.mixedInstances;
  const single = target.launchTemplate.instanceType ?? from.instanceType;
  const types = typesOf(target.serverGroup, mixed, single);
  if (mixed === null) return [{ purchase: from.purchase, units: instances, types }];
  const base = Math.min(
    instances,
    numberIn(mixed.distribution, 'OnDemandBaseCapacity', onDemandBaseDefault),
  );
  const percent = numberIn(
    mixed.distribution,
    'OnDemandPercentageAboveBaseCapacity',
    onDemandPercentDefault,
  );
  const onDemand = base + Math.ceil(((instances - base) * percent) / 100);
  const parts: readonly FleetLaunch[] = [
    { purchase: 'onDemand', units: onDemand, types },
    { purchase: 'spot', units: instances - onDemand, types },
  ];
  return parts.filter(({ units }) => units > 0);
}

function typesOf(
  serverGroup: string,
  mixed: MixedInstances | null,
  single: string | null,
): FleetLaunch['types'] {
  const overrides = mixed?.overrides ?? [];
  if (overrides.length === 0) {
    if (single === null) throw untold(serverGroup);
    return [{ instanceType: single, weight: 1 }];
  }
  return overrides.map((override) => {
    const { InstanceType: instanceType } = override;
    if (typeof instanceType !== 'string') throw untold(serverGroup);
    return { instanceType, weight: Number(override['WeightedCapacity'] ?? 1) };
  });
}

function numberIn(members: AwsMembers, name: string, byDefault: number): number {
  const value = members[name];
  return typeof value === 'number' ? value : byDefault;
}

function untold(serverGroup: string): GennakerError {
  return new GennakerError(
    'INVALID_REQUEST',
    `what ${serverGroup} launches is told by attributes, and not by instance types.`,
    { details: { serverGroup } },
  );
}
