import {
  readWeightsTag,
  weightsTagValue,
  type RecordedWeights,
  type TargetGroupWeight,
} from '@gennaker/domain';
import { ruleArn } from './rules.js';

/** What a deploy has written last to the rule for /api, as the next one reads it. */
export function readRecorded(
  serverGroup: string,
  weights: readonly TargetGroupWeight[],
): RecordedWeights | null {
  const value = weightsTagValue([{ ruleArn, weights }], '2026-01-01T00:00:00.000Z');
  return readWeightsTag(serverGroup, value);
}
