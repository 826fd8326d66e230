import type { Store } from '../kernel/store.js';
import type { Table } from '../kernel/table.js';

/** A steady stream of requests at a load balancer, and what has become of them. Counts are fractional. */
export interface TrafficStream {
  readonly loadBalancerArn: string;
  readonly scope: string;
  readonly requestsPerSecond: number;
  readonly countedUntil: number;
  readonly requests: number;
  readonly requestsWithNoHealthyTarget: number;
  /** Sent to a target that passes for healthy while its instance no longer runs. */
  readonly requestsToStoppedTargets: number;
  readonly targetGroups: Readonly<Record<string, TargetGroupTraffic>>;
}

export interface TargetGroupTraffic {
  readonly requests: number;
  readonly requestsWithNoHealthyTarget: number;
}

/** Counting is no change of the world: it is written along with the next one. */
export function openTraffic(store: Store): Table<TrafficStream> {
  return store.table<TrafficStream>('world/traffic', { quiet: true });
}
