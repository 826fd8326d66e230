import type { Store } from '../kernel/store.js';
import type { Table } from '../kernel/table.js';
import type { Pin } from './traffic-pins.js';
import type { RequestShape } from '../elb/request-shape.js';

/** One kind of request and how many of a stream's requests are of it, from 0 to 1; what it leaves open is plain. */
export type MixEntry = Partial<RequestShape> & { readonly share: number };

export interface TrafficSettings {
  /** The listener's port; absent: the first listener. */
  readonly port?: number | undefined;
  /** Absent: all requests are alike. */
  readonly mix?: readonly MixEntry[] | undefined;
  /** The share of requests that come from clients who keep cookies, and so stick to a target group. */
  readonly returningShare?: number | undefined;
  /** How long a sound target takes to answer in the median, milliseconds. */
  readonly latencyMs?: number | undefined;
  /** False: every minute of metrics is exactly what is to be expected. */
  readonly noise?: boolean | undefined;
}

/** A steady stream of requests at a load balancer, and what has become of them. Counts are fractional. */
export interface TrafficStream {
  readonly loadBalancerArn: string;
  readonly scope: string;
  readonly requestsPerSecond: number;
  readonly settings?: TrafficSettings;
  readonly countedUntil: number;
  readonly requests: number;
  readonly requestsWithNoHealthyTarget: number;
  /** Sent to a target that passes for healthy while its instance no longer runs. */
  readonly requestsToStoppedTargets: number;
  /** Answered with a 5xx by the load balancer itself: no target, or none that could be reached. */
  readonly elbErrors?: number;
  /** The fewest healthy targets that shared the requests at any time since the stream was set; absent: no time has passed. */
  readonly healthyHostsMin?: number | undefined;
  readonly targetGroups: Readonly<Record<string, TargetGroupTraffic>>;
  /** Where clients with cookies were sent, by the rule that sent them. */
  readonly pins?: Readonly<Record<string, readonly Pin[]>>;
  /** When the segment that counting goes on in began. */
  readonly segmentFrom?: number;
}

export interface TargetGroupTraffic {
  readonly requests: number;
  readonly requestsWithNoHealthyTarget: number;
  /** Answered by the target with a 5xx. */
  readonly targetErrors?: number;
  /** No connection to the target came about. */
  readonly connectionErrors?: number;
}

/** What becomes of a stream's requests while nothing changes. */
export interface Reception {
  readonly flows: readonly Flow[];
  /** Requests a second that the load balancer answers by itself. */
  readonly unserved: number;
  readonly fixed: number;
  readonly redirected: number;
}

/** The requests that one target group gets. */
export interface Flow {
  readonly targetGroupArn: string;
  readonly perSecond: number;
  readonly failedShare: number;
  readonly refusedShare: number;
  readonly stoppedShare: number;
  readonly healthyHosts: number;
  /** Median latencies with the share of the answers that take so long. */
  readonly latencies: readonly (readonly [medianMs: number, share: number])[];
}

/** A span of time in which nothing changed for a stream. */
export interface TrafficSegment {
  readonly loadBalancerArn: string;
  readonly from: number;
  readonly until: number;
  readonly noise: boolean;
  readonly reception: Reception;
}

/** Counting is no change of the world: it is written along with the next one. */
export function openTraffic(store: Store): Table<TrafficStream> {
  return store.table<TrafficStream>('world/traffic', { quiet: true });
}

export function openSegments(store: Store): Table<TrafficSegment> {
  return store.table<TrafficSegment>('world/traffic-segments', {
    quiet: true,
    indexes: { loadBalancer: (row) => row.loadBalancerArn },
  });
}
