import {
  judge,
  type CanaryAnalysisConfiguration,
  type CanaryConfiguration,
  type Judgement,
  type MetricPair,
} from '@gennaker/canary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const scoreThresholds = { pass: 95, marginal: 75 };
const calm = Array.from({ length: 60 }, (_none, index) => 100 + (index % 10));
const raised = calm.map((value) => value + 30);

describe('a judgement', () => {
  it('does not care in which order the points come', () => {
    fc.assert(
      fc.property(series(), series(), (control, experiment) => {
        // By ranks alone: a mean depends on the order in its last digit.
        const byRank = { latency: { effectSize: { measure: 'cles' } } };
        const one = judged([pair('latency', control, experiment)], byRank);
        const shuffled = pair(
          'latency',
          control.toReversed(),
          experiment.toSorted((left, right) => left - right),
        );
        const other = judged([shuffled], byRank);
        expect(other.metrics[0]?.classification).toBe(one.metrics[0]?.classification);
        expect(other.metrics[0]?.test).toEqual(one.metrics[0]?.test);
        expect(other.score).toBe(one.score);
      }),
    );
  });

  it('calls Low on exchanged sides what it calls High', () => {
    expect(judged([pair('latency', calm, raised)]).metrics[0]?.classification).toBe('High');
    expect(judged([pair('latency', raised, calm)]).metrics[0]?.classification).toBe('Low');
  });

  it('scores between 0 and 100 where no group has a weight of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(series(), series()), { maxLength: 4 }), (sides) => {
        const pairs = sides.map(([control, experiment], index) =>
          pair(`metric-${index}`, control, experiment),
        );
        const { score } = judged(pairs);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('is not changed by a muted metric', () => {
    const without = judged([pair('latency', calm, calm)]);
    const muted = judged([pair('latency', calm, calm), pair('noise', calm, raised)], {
      noise: { muted: true, critical: true },
    });
    expect(muted.metrics[1]?.classification).toBe('High');
    expect({ ...muted, metrics: [] }).toEqual({ ...without, metrics: [] });
  });

  it('tells constants apart that differ by a thousandth', () => {
    const pairs = [pair('threads', Array(30).fill(1000), Array(30).fill(1001))];
    expect(judged(pairs).metrics[0]).toMatchObject({ classification: 'High', spread: true });
  });

  it('passes constants that differ by less than the spread given to them', () => {
    const pairs = [pair('threads', Array(30).fill(1000), Array(30).fill(1000.0001))];
    expect(judged(pairs).metrics[0]).toMatchObject({ classification: 'Pass', spread: true });
  });

  it('shows id and tags of a pair, and judges each pair of one metric', () => {
    const pairs = [
      { ...pair('latency', calm, raised), id: 'one', tags: { zone: 'a' } },
      { ...pair('latency', calm, calm), id: 'two', tags: { zone: 'b' } },
    ];
    const answer = judge({ configuration: configured(['latency']), scoreThresholds, pairs });
    expect(answer).toMatchObject({
      score: 50,
      metrics: [
        { id: 'one', tags: { zone: 'a' }, classification: 'High' },
        { id: 'two', tags: { zone: 'b' }, classification: 'Pass' },
      ],
    });
  });

  it('passes an infinite point, as the original does, and the gate is there for', () => {
    const { metrics } = judged([pair('latency', calm, [...raised.slice(1), Infinity])]);
    expect(metrics[0]?.classification).toBe('Pass');
  });

  it('rounds a half cent up as it is written, not as it is stored', () => {
    const groups = { a: 100 - 66.665, b: 66.665 };
    const configuration = configured(['a', 'b'], {}, groups);
    const answer = judge({
      configuration,
      scoreThresholds,
      pairs: [pair('a', calm, raised), pair('b', calm, calm)],
    });
    expect(answer).toMatchObject({ score: 66.67 });
  });
});

describe('a run that is refused', () => {
  it('is told every fault at once', () => {
    const refused = judge({
      configuration: configured(['latency'], {
        latency: { outliers: { strategy: 'remove', outlierFactor: 0 } },
      }),
      scoreThresholds,
      pairs: [
        pair('stranger', calm, calm),
        { ...pair('latency', calm, calm), experiment: undefined },
        pair('latency', calm, Array(10_081).fill(1)),
      ],
    });
    expect(refused).toEqual({
      judged: false,
      faults: [
        'metric "stranger" is not in the canary configuration',
        'metric "latency": outlierFactor is 0, it must be above 0',
        'metric "latency" has no experiment series',
        'metric "latency": outlierFactor is 0, it must be above 0',
        'metric "latency": 10081 experiment points, at most 10080',
      ],
    });
  });
});

function series() {
  return fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 });
}

function pair(name: string, control: readonly number[], experiment: readonly number[]): MetricPair {
  return { name, control, experiment };
}

function judged(
  pairs: readonly MetricPair[],
  rules: Readonly<Record<string, CanaryAnalysisConfiguration>> = {},
): Judgement {
  const configuration = configured([...new Set(pairs.map(({ name }) => name))], rules);
  const answer = judge({ configuration, scoreThresholds, pairs });
  if (!answer.judged) throw new Error(answer.faults.join('; '));
  return answer;
}

function configured(
  names: readonly string[],
  rules: Readonly<Record<string, CanaryAnalysisConfiguration>> = {},
  groupWeights: Readonly<Record<string, number>> = {},
): CanaryConfiguration {
  const metrics = names.map((name) => ({
    name,
    groups: [name],
    analysisConfigurations: { canary: rules[name] ?? {} },
  }));
  return { name: 'test', metrics, classifier: { groupWeights } };
}
