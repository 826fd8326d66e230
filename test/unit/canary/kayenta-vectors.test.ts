import { readFileSync } from 'node:fs';
import path from 'node:path';

import { judge, type JudgedMetric, type Judgement, type MetricPair } from '@gennaker/canary';
import { canaryConfigurationSchema } from '@gennaker/contract';
import { describe, expect, it } from 'vitest';

import { repositoryRoot } from '../../support/repository-root.js';

type WrittenNumber = number | 'NaN' | 'Infinity';

interface ExpectedSide {
  readonly count: number;
  readonly min: WrittenNumber;
  readonly max: WrittenNumber;
  readonly mean: WrittenNumber;
  readonly std: WrittenNumber;
}

interface ExpectedMetric {
  readonly name: string;
  readonly classification: string;
  readonly reason?: string;
  readonly critical: boolean;
  readonly muted: boolean;
  readonly groups: readonly string[];
  readonly control: ExpectedSide;
  readonly experiment: ExpectedSide;
  readonly ratio?: WrittenNumber;
  readonly noisy?: boolean;
  readonly mannWhitney?: Readonly<
    Record<'lower' | 'upper' | 'estimate' | 'effectSize', WrittenNumber>
  >;
}

interface ExpectedAnswer {
  readonly score: {
    readonly score: number;
    readonly classification: string;
    readonly reason: string;
  };
  readonly groups: readonly { readonly name: string; readonly score: number }[];
  readonly metrics: readonly ExpectedMetric[];
  readonly varies?: { readonly seen: readonly { readonly outcome: string }[] };
}

interface Vector {
  readonly id: string;
  readonly name: string;
  readonly canaryConfig: unknown;
  readonly scoreThresholds: { readonly pass: number; readonly marginal: number };
  readonly metrics: readonly {
    readonly name: string;
    readonly control?: readonly WrittenNumber[];
    readonly experiment?: readonly WrittenNumber[];
  }[];
  readonly expected: ExpectedAnswer | { readonly error: { readonly type: string } };
}

const { vectors } = JSON.parse(
  readFileSync(path.join(repositoryRoot, 'test/vectors/kayenta.json'), 'utf8'),
) as { readonly vectors: readonly Vector[] };

const answered = vectors.filter((vector) => answerOf(vector) !== undefined);
const fixed = answered.filter((vector) => answerOf(vector)?.varies === undefined);
const random = answered.filter((vector) => answerOf(vector)?.varies !== undefined);
const failed = vectors.filter((vector) => answerOf(vector) === undefined);

describe('the judge, beside the original', () => {
  it('has 104 answers to give', () => {
    expect([fixed.length, random.length, failed.length]).toEqual([98, 1, 5]);
  });

  it.each(fixed.map((vector) => [`${vector.id} ${vector.name}`, vector] as const))(
    'answers alike: %s',
    (_name, vector) => {
      const expected = requiredAnswer(vector);
      const answer = judged(vector);
      expect({ ...answer, groups: [], metrics: [] }).toEqual({
        judged: true,
        ...expected.score,
        groups: [],
        metrics: [],
      });
      const groups = answer.groups.toSorted((one, other) => (one.name < other.name ? -1 : 1));
      expect(groups.map(({ name }) => name)).toEqual(expected.groups.map(({ name }) => name));
      for (const [index, group] of groups.entries()) {
        expectNear(group.score, expected.groups[index]?.score, 1e-9);
      }
      expect(answer.metrics.length).toBe(expected.metrics.length);
      for (const [index, metric] of expected.metrics.entries()) {
        expectSameMetric(answer.metrics[index], metric);
      }
    },
  );

  it.each(random.map((vector) => [`${vector.id} ${vector.name}`, vector] as const))(
    'gives an answer that the original gives, too: %s',
    (_name, vector) => {
      const answer = judged(vector);
      const labels = answer.metrics.map(({ name, classification }) => `${name}=${classification}`);
      const outcome = `${labels.join(' ')} score=${answer.score.toFixed(1)} ${answer.classification}`;
      const seen = requiredAnswer(vector).varies?.seen.map((one) => one.outcome);
      expect(seen).toContain(outcome);
    },
  );

  it.each(failed.map((vector) => [`${vector.id} ${vector.name}`, vector] as const))(
    'refuses the whole run where the original ends with an exception: %s',
    (_name, vector) => {
      const configuration = canaryConfigurationSchema.safeParse(vector.canaryConfig);
      const answer = configuration.success
        ? judge({ ...vector, configuration: configuration.data, pairs: pairsOf(vector) })
        : { judged: false, faults: configuration.error.issues };
      expect(answer).toMatchObject({ judged: false, faults: [expect.anything()] });
    },
  );
});

function judged(vector: Vector): Judgement {
  const configuration = canaryConfigurationSchema.parse(vector.canaryConfig);
  const answer = judge({ ...vector, configuration, pairs: pairsOf(vector) });
  if (!answer.judged) throw new Error(`refused: ${answer.faults.join('; ')}`);
  return answer;
}

function pairsOf(vector: Vector): readonly MetricPair[] {
  return vector.metrics.map(({ name, control, experiment }) => ({
    name,
    control: control?.map(Number),
    experiment: experiment?.map(Number),
  }));
}

function expectSameMetric(metric: JudgedMetric | undefined, expected: ExpectedMetric): void {
  expect(metric).toMatchObject({
    name: expected.name,
    classification: expected.classification,
    critical: expected.critical,
    muted: expected.muted,
    groups: expected.groups,
  });
  expect(metric?.reason).toBe(expected.reason);
  for (const side of ['control', 'experiment'] as const) {
    expect(metric?.[side].count).toBe(expected[side].count);
    for (const field of ['min', 'max', 'mean', 'std'] as const) {
      expectNear(metric?.[side][field], expected[side][field], 1e-9);
    }
  }
  expectNear(metric?.ratio, expected.ratio, expected.noisy === true ? 1e-4 : 1e-9);
  if (expected.mannWhitney !== undefined) {
    const { estimate, effectSize, ...ends } = expected.mannWhitney;
    const tolerance = 1e-6 * Math.max(1, Math.abs(Number(estimate)));
    expectWithin(metric?.test?.lower, ends.lower, tolerance);
    expectWithin(metric?.test?.upper, ends.upper, tolerance);
    expectWithin(metric?.test?.estimate, estimate, tolerance);
    expectNear(metric?.test?.effectSize, effectSize, 1e-9);
  }
}

/** Equal to a relative tolerance; what is not a finite number is equal only to the same. */
function expectNear(
  found: number | undefined,
  expected: WrittenNumber | undefined,
  tolerance: number,
): void {
  expectWithin(found, expected, tolerance * Math.abs(Number(expected ?? NaN)));
}

function expectWithin(
  found: number | undefined,
  expected: WrittenNumber | undefined,
  tolerance: number,
): void {
  const wanted = expected === undefined ? undefined : Number(expected);
  if (wanted === undefined || found === undefined || !Number.isFinite(wanted)) {
    expect(found).toBe(wanted);
    return;
  }
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance);
}

function answerOf(vector: Vector): ExpectedAnswer | undefined {
  return 'error' in vector.expected ? undefined : vector.expected;
}

function requiredAnswer(vector: Vector): ExpectedAnswer {
  const answer = answerOf(vector);
  if (answer === undefined) throw new Error(`${vector.id} has no answer`);
  return answer;
}
