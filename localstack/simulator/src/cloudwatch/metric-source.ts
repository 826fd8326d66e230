import type { DataPoint, MetricIdentity } from './records.js';

export interface Span {
  /** Epoch milliseconds; `from` is included, `until` is not. */
  readonly from: number;
  readonly until: number;
}

/** Where metrics come from that nobody publishes: they follow from the state of the world. */
export interface MetricSource<Place> {
  readonly metrics: (scope: Place) => readonly MetricIdentity[];
  readonly points: (scope: Place, metric: MetricIdentity, span: Span) => readonly DataPoint[];
}
