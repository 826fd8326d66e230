import type { Dimension } from '@aws-sdk/client-cloudwatch';
import type { MetricIdentity } from './records.js';

/** One text for one metric: the same dimensions in any order are the same metric. */
export function seriesKey({ namespace, name, dimensions }: MetricIdentity): string {
  return JSON.stringify([namespace, name, ...pairs(dimensions)]);
}

/** True when the metric carries all of these; a wanted dimension without a value needs only the name. */
export function hasDimensions(
  metric: MetricIdentity,
  wanted: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[],
): boolean {
  return wanted.every(({ Name: name, Value: value }) =>
    metric.dimensions.some(
      (dimension) => dimension.Name === name && (value === undefined || dimension.Value === value),
    ),
  );
}

function pairs(dimensions: readonly Dimension[]): readonly string[] {
  return dimensions.map(({ Name, Value }) => `${Name}=${Value}`).toSorted();
}
