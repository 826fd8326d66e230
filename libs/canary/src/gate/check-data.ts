import type { SeriesReading } from '../series/metric-reading.js';
import { configurationFaults, sourceFaults } from './check-configuration.js';
import type { GateCheck, GateInput, GateMetric } from './gate-input.js';

/** The configuration can give a meaningful score, and each of its metrics has a source. */
export function checkConfiguration(input: GateInput): GateCheck {
  const missing = sourceFaults(input.configuration);
  const misleading = configurationFaults(input.configuration, input.scoreThresholds);
  const accepted = input.settings.acceptConfiguration;
  const refusing = [...missing, ...(accepted ? [] : misleading)];
  if (refusing.length > 0) {
    return { check: 'configuration', outcome: 'inconclusive', reason: refusing.join('; ') };
  }
  const reason =
    misleading.length > 0
      ? `accepted in spite of: ${misleading.join('; ')}`
      : `${input.configuration.metrics.length} metrics, weights and thresholds fit together`;
  return { check: 'configuration', outcome: 'pass', reason };
}

/** Everything that counts could be read. An error of a muted metric is shown with the metric and stops nothing. */
export function checkMetricReads({ arms, metrics, failures }: GateInput): GateCheck {
  const reads = [
    ...arms.map((arm) => ({ what: `requests of ${arm.name}`, reading: arm.requests })),
    ...metrics
      .filter((metric) => !metric.muted)
      .flatMap((metric) => [
        { what: `"${metric.name}" of the control`, reading: metric.control },
        { what: `"${metric.name}" of the experiment`, reading: metric.experiment },
      ]),
    ...failures.flatMap((failure) => [
      { what: `${failure.name} of the control`, reading: failure.control },
      { what: `${failure.name} of the experiment`, reading: failure.experiment },
    ]),
  ];
  const faults = reads.flatMap(({ what, reading }) =>
    reading.status === 'failed' ? [`${what} could not be read: ${reading.error}`] : [],
  );
  return faults.length > 0
    ? { check: 'metricReads', outcome: 'inconclusive', reason: faults.join('; ') }
    : { check: 'metricReads', outcome: 'pass', reason: `${reads.length} series were read` };
}

/** Each metric that counts has enough minutes in each arm, and no value that is infinite (the judge would pass it). */
export function checkEnoughData({ metrics, settings }: GateInput): GateCheck {
  const counted = metrics.filter((metric) => !metric.muted);
  const lacks = lacksInWords(counted, settings.pointsMin);
  if (lacks.length > 0) {
    // What is needed comes first: the end of a long list may be cut off where people are asked.
    const reason = `at least ${settings.pointsMin} minutes of each metric are needed in each arm: ${lacks.join('; ')}`;
    return { check: 'enoughData', outcome: 'inconclusive', reason };
  }
  const least = Math.min(
    ...counted.flatMap((metric) => [points(metric.control), points(metric.experiment)]),
  );
  const reason = `every metric has ${least} minutes or more in each arm, ${settings.pointsMin} are needed`;
  return { check: 'enoughData', outcome: 'pass', reason };
}

/** Metrics that lack the same are named together: mostly all of them do, in both arms. */
function lacksInWords(metrics: readonly GateMetric[], pointsMin: number): readonly string[] {
  const byLack = Map.groupBy(metrics, ({ control, experiment }) =>
    lackOf(sideLack(control, pointsMin), sideLack(experiment, pointsMin)),
  );
  byLack.delete('');
  return [...byLack].map(([lack, lacking]) => {
    const names = lacking.map(({ name }) => `"${name}"`).join(', ');
    return `${names} ${lacking.length === 1 ? 'has' : 'have'} ${lack}`;
  });
}

function lackOf(control: string, experiment: string): string {
  if (control === experiment) return control === '' ? '' : `${control} in each arm`;
  const sides = [
    ...(control === '' ? [] : [`${control} in the control`]),
    ...(experiment === '' ? [] : [`${experiment} in the experiment`]),
  ];
  return sides.join(' and ');
}

/** Empty where nothing is lacking. */
function sideLack(reading: SeriesReading, pointsMin: number): string {
  if (reading.status === 'failed') return '';
  const found = points(reading);
  const infinite = reading.values.filter((value) => Math.abs(value) === Infinity).length;
  const lacks = [
    ...(found === 0 ? ['no data'] : []),
    ...(found > 0 && found < pointsMin ? [`${found} minutes`] : []),
    ...(infinite > 0 ? [`${infinite} infinite values`] : []),
  ];
  return lacks.join(' with ');
}

function points(reading: SeriesReading): number {
  if (reading.status === 'failed') return 0;
  return reading.values.filter((value) => !Number.isNaN(value)).length;
}
