import { servingWeights } from '@gennaker/domain';
import { describe, expect, test } from 'vitest';

import { ruleAt } from '../plans/blue-green/blue-green-builder.js';
import { blue, green } from './rules.js';

describe('what a server group gets of the rules that divide requests', () => {
  test('is its weight and its share, in words that people know', () => {
    const [given] = servingWeights([ruleAt(90, 10)], [green]);
    expect(given).toMatchObject({ weight: 10, percent: 10 });
    expect(given?.rule).not.toContain('arn:');
    expect(given?.targetGroup).not.toContain('arn:');
  });

  test('is nothing for a fleet that is kept warm, and says so', () => {
    expect(servingWeights([ruleAt(0, 100)], [blue])).toMatchObject([{ weight: 0, percent: 0 }]);
  });

  test('is nothing where all weights are 0', () => {
    expect(servingWeights([ruleAt(0, 0)], [blue])).toMatchObject([{ weight: 0, percent: 0 }]);
  });

  test('leaves out rules that divide nothing', () => {
    const rule = ruleAt(1, 1);
    const alone = rule.actions.map((action) =>
      action.kind === 'forward'
        ? { ...action, targetGroups: action.targetGroups.slice(0, 1) }
        : action,
    );
    expect(servingWeights([{ ...rule, actions: alone }], [blue])).toEqual([]);
  });

  test('tells shares to a tenth of a percent', () => {
    expect(servingWeights([ruleAt(1, 2)], [blue])).toMatchObject([{ percent: 33.3 }]);
  });
});
