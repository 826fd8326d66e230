import { requiredHealthy } from './capacity.js';
import type { ServerGroupView } from './cluster.js';
import { isUp } from './health.js';

/** One zone that has too little of the new server group, in instances. */
export interface ZoneShortage {
  readonly zone: string;
  readonly healthy: number;
  readonly required: number;
  /** What the old server groups have in service there. */
  readonly serving: number;
}

/** A switch between server groups, as they are now. */
export interface ZoneFacts {
  readonly incoming: ServerGroupView;
  readonly outgoing: readonly ServerGroupView[];
  /** 0 to 100; 0 asks for nothing. */
  readonly percent: number;
}

/**
 * The zones in which the outgoing groups serve and the incoming one has less than `percent` of that healthy, by zone name.
 * A zone is never asked for more than an even spread of the incoming group over all zones gives it, since Auto Scaling
 * launches evenly: three instances cannot cover two in one zone of three. Pure and total.
 */
export function zoneShortages({ incoming, outgoing, percent }: ZoneFacts): readonly ZoneShortage[] {
  const serving = countByZone(
    outgoing
      .flatMap((group) => group.instances)
      .filter(isInService)
      .map((one) => one.zone),
  );
  const up = incoming.instances.filter((instance) => isUp(instance, incoming));
  const healthy = countByZone(up.map((one) => one.zone));
  const zones = new Set([...serving.keys(), ...incoming.instances.map((one) => one.zone)]);
  const evenShare = Math.floor(incoming.capacity.desired / Math.max(1, zones.size));
  return [...serving]
    .map(([zone, count]) => ({
      zone,
      healthy: healthy.get(zone) ?? 0,
      required: Math.min(requiredHealthy(count, percent), evenShare),
      serving: count,
    }))
    .filter((one) => one.healthy < one.required)
    .toSorted((one, other) => (one.zone < other.zone ? -1 : 1));
}

/** The shortages for people: zone, what is healthy, what is needed, and what serves there. */
export function zoneShortageWords(shortages: readonly ZoneShortage[]): string {
  return shortages
    .map(
      ({ zone, healthy, required, serving }) =>
        `zone ${zone} has ${healthy} of ${required} healthy instances (${serving} serve there now)`,
    )
    .join(', ');
}

function isInService(instance: ServerGroupView['instances'][number]): boolean {
  return instance.lifecycleState === 'InService';
}

function countByZone(zones: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const zone of zones) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return counts;
}
