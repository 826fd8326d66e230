import type {
  CanaryAnalysisConfiguration,
  CanaryConfiguration,
  CanaryMetricConfiguration,
  ScoreThresholds,
} from '../canary-configuration.js';
import type { CanarySeriesId } from './metric-set.js';

/**
 * Score points, as Kayenta's guide advises. With the weights below: all good is 100; one percentile of latency worse is
 * 90, unhealthy hosts alone 80, errors a little worse 75, all of them Marginal, so a person looks; all of latency worse is
 * 70 and errors much worse are forced to 0, both Fail.
 */
export const defaultScoreThresholds: ScoreThresholds = { pass: 95, marginal: 75 };

/**
 * Percent of the score by group. Errors are half, because a failed request is worse than a slow one; latency outweighs
 * hosts, because one sick host is often the host's fault and not the build's.
 */
const groupWeights = { errors: 50, latency: 30, hosts: 20 };

/**
 * Ratio of means from which a significant rise of errors counts. Minute series are not independent: with a bound of 1,
 * one look in 7 is a false alarm on strongly autocorrelated series, with 1.05 one in 20 (AR 0.8); 1.1 leaves room for a look at each step.
 */
const errorsAllowedIncrease = 1.1;

/**
 * Ratio of means from which more errors are critical: half as many again is past what noise does in an hour. Between the
 * two a person looks. A control without any error has no ratio, and a significant rise is then critical at once.
 */
const errorsCriticalIncrease = 1.5;

/** Ratio of means from which slower responses count: people notice a tenth, and caches of new instances are cold. */
const latencyAllowedIncrease = 1.1;

/** The tail varies more from minute to minute than the middle does. */
const latencyP99AllowedIncrease = 1.25;

/**
 * What is judged where nobody configured anything: 5xx answers of targets, connection errors, sick hosts, and response
 * times at three percentiles. Everything fails upwards only (fewer errors and faster answers are no fault), every metric
 * must have data, nothing missing is made up (`nanStrategy` remove: what can be known of missing counts is filled in
 * before the judge), and outliers stay, because a rare severe minute is what a canary is for.
 */
export const defaultCanaryConfiguration: CanaryConfiguration = {
  name: 'gennaker-default',
  description: 'Errors, latency and health of each arm’s target group, from CloudWatch.',
  configVersion: '1',
  judge: { name: 'NetflixACAJudge-v1.0' },
  metrics: [
    metric('errors', 'errorsPerMillion', errorRules()),
    metric('errors', 'connectionErrorsPerMillion', errorRules()),
    metric('latency', 'latencyP50Ms', { effectSize: { allowedIncrease: latencyAllowedIncrease } }),
    metric('latency', 'latencyP90Ms', { effectSize: { allowedIncrease: latencyAllowedIncrease } }),
    metric('latency', 'latencyP99Ms', {
      effectSize: { allowedIncrease: latencyP99AllowedIncrease },
    }),
    metric('hosts', 'unhealthyHosts', {}),
  ],
  templates: {},
  classifier: { groupWeights, scoreThresholds: defaultScoreThresholds },
};

function metric(
  group: keyof typeof groupWeights,
  series: CanarySeriesId,
  rules: CanaryAnalysisConfiguration,
): CanaryMetricConfiguration {
  return {
    name: series,
    query: { type: 'cloudwatch', series },
    groups: [group],
    scopeName: 'default',
    analysisConfigurations: {
      canary: { direction: 'increase', nanStrategy: 'remove', mustHaveData: true, ...rules },
    },
  };
}

function errorRules(): CanaryAnalysisConfiguration {
  return {
    critical: true,
    effectSize: {
      measure: 'meanRatio',
      allowedIncrease: errorsAllowedIncrease,
      criticalIncrease: errorsCriticalIncrease,
    },
  };
}
