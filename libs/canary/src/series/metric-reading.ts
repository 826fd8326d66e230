/** A metric's value in one minute, by the minute's beginning (ISO 8601, UTC); what CloudWatch reading gives. */
export interface MetricPoint {
  readonly at: string;
  readonly value: number;
}

/** What came of reading one metric of one arm. An error is told apart from no data: the one is a fault, the other a fact. */
export type MetricReading =
  | { readonly status: 'read'; readonly points: readonly MetricPoint[] }
  | { readonly status: 'failed'; readonly error: string };

/** A series by the minute, NaN where a minute has no value; or why there is none. */
export type SeriesReading =
  | { readonly status: 'read'; readonly values: readonly number[] }
  | { readonly status: 'failed'; readonly error: string };
