import { canaryConfigurationBounds, canaryConfigurationSchema } from '@gennaker/contract';
import { describe, expect, it } from 'vitest';

const minimal = {
  name: 'mine',
  metrics: [{ name: 'latency', groups: ['system'] }],
  classifier: { groupWeights: { system: 100 } },
};

describe('a canary configuration', () => {
  it('may be as short as what the judge reads', () => {
    expect(canaryConfigurationSchema.parse(minimal)).toEqual(minimal);
  });

  it('keeps what only Kayenta reads, word for word', () => {
    const stored = {
      ...minimal,
      createdTimestamp: 1,
      applications: ['shop'],
      judge: { name: 'NetflixACAJudge-v1.0', judgeConfigurations: {} },
      metrics: [
        {
          name: 'latency',
          groups: ['system'],
          scopeName: 'default',
          query: { type: 'prometheus', metricName: 'latency', labelBindings: ['a'] },
          analysisConfigurations: { canary: { direction: 'increase', customField: [1] } },
        },
      ],
      templates: { filter: 'a' },
    };
    expect(canaryConfigurationSchema.parse(stored)).toEqual(stored);
  });

  it.each([
    ['another judge', { ...minimal, judge: { name: 'RemoteJudge-v1.0' } }, 'judge.name'],
    ['no classifier', { ...minimal, classifier: undefined }, 'classifier'],
    ['a bound that is text', withCanary({ effectSize: { allowedIncrease: '1.2' } }), allowed()],
    ['a bound that is null', withCanary({ effectSize: { allowedIncrease: null } }), allowed()],
    ['a flag that is text', withCanary({ critical: 'true' }), canary('critical')],
    [
      'an outlier factor of 0 where outliers go',
      withCanary({ outliers: { strategy: 'remove', outlierFactor: 0 } }),
      canary('outliers.outlierFactor'),
    ],
    [
      'more metrics than a report can hold',
      {
        ...minimal,
        metrics: Array.from(
          { length: canaryConfigurationBounds.metricsMax + 1 },
          () => minimal.metrics[0],
        ),
      },
      'metrics',
    ],
    [
      'more groups than there may be',
      {
        ...minimal,
        classifier: {
          groupWeights: Object.fromEntries(
            Array.from({ length: canaryConfigurationBounds.groupsMax + 1 }, (_none, index) => [
              `g${index}`,
              1,
            ]),
          ),
        },
      },
      'classifier.groupWeights',
    ],
  ])('is refused with %s, and the place is named', (_what, configuration, place) => {
    const { error } = canaryConfigurationSchema.safeParse(configuration);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([place]);
  });

  it('may have an outlier factor of 0 where outliers stay', () => {
    const kept = withCanary({ outliers: { strategy: 'keep', outlierFactor: 0 } });
    expect(canaryConfigurationSchema.safeParse(kept).success).toBe(true);
  });
});

function withCanary(rules: object) {
  return {
    ...minimal,
    metrics: [{ name: 'latency', groups: [], analysisConfigurations: { canary: rules } }],
  };
}

function canary(field: string): string {
  return `metrics.0.analysisConfigurations.canary.${field}`;
}

function allowed(): string {
  return canary('effectSize.allowedIncrease');
}
