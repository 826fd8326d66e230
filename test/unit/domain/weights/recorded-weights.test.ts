import {
  isAsRecorded,
  readWarmTag,
  readWeightsTag,
  recordedInWords,
  rulesPerStageMax,
  warmTagValue,
  weightsAtPercent,
  weightsTagValue,
} from '@gennaker/domain';
import { describe, expect, it, test } from 'vitest';
import { blue, forward, green, rule, ruleArn } from './rules.js';

const writtenAt = '2026-01-02T03:04:05.678Z';
const at = (percent: number) => weightsAtPercent({ from: blue, to: green }, percent);
const recorded = readWeightsTag(
  'web-v001',
  weightsTagValue([{ ruleArn, weights: at(100) }], writtenAt),
);
const withWeights = (targetGroups: ReturnType<typeof at>) =>
  rule({ actions: [forward({ targetGroups })] });

describe('the weights that were written last', () => {
  it('come back from the tag', () => {
    expect(recorded).toMatchObject({ serverGroup: 'web-v001', writtenAt });
    expect(isAsRecorded(withWeights(at(100)), recorded)).toBe(true);
    if (recorded === null) throw new Error('the tag cannot be read');
    expect(recordedInWords(rule(), recorded, [blue, green])).toBe('web-blue 0, web-green 100');
    expect(recordedInWords(rule(), recorded, [])).toBe('11111111 0, 22222222 100');
  });

  it('are compared by number, and a target group without requests is no difference', () => {
    expect(isAsRecorded(withWeights(at(99)), recorded)).toBe(false);
    expect(isAsRecorded(withWeights(at(0)), recorded)).toBe(false);
    expect(isAsRecorded(withWeights([{ targetGroupArn: green, weight: 100 }]), recorded)).toBe(
      true,
    );
    expect(isAsRecorded(withWeights([{ targetGroupArn: green, weight: 1 }]), recorded)).toBe(false);
  });

  it('say nothing of another rule, and nothing where none were written', () => {
    expect(isAsRecorded(rule({ arn: `${ruleArn.slice(0, -8)}00000000` }), recorded)).toBeNull();
    expect(isAsRecorded(rule(), null)).toBeNull();
  });

  it('are none where somebody else has written the tag', () => {
    expect(readWeightsTag('web-v001', 'blue=100')).toBeNull();
    expect(readWarmTag('tomorrow min=2')).toBeNull();
    expect(readWarmTag(writtenAt)).toBeNull();
  });

  it('of as many rules as a stage may have fit into a tag', () => {
    const widest = [blue, green].map((targetGroupArn) => ({ targetGroupArn, weight: 999 }));
    const rules = Array.from({ length: rulesPerStageMax }, () => ({ ruleArn, weights: widest }));
    expect(weightsTagValue(rules, writtenAt).length).toBeLessThanOrEqual(256);
  });
});

test('a warm fleet says until when, and what its minimum was', () => {
  const record = { until: writtenAt, instancesMin: 2 };
  expect(readWarmTag(warmTagValue(record))).toEqual(record);
});
