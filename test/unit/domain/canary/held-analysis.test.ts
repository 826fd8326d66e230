import { heldInWords, heldAnalysisId, type AnalysisSummary } from '@gennaker/domain';
import { expect, test } from 'vitest';

const held = { everyMinutes: 15, analysesMax: 3 };

function analysis(stepId: string, analysisId: string): AnalysisSummary {
  const from = '2026-01-01T00:01:00.000Z';
  const judged = { outcome: 'inconclusive', reason: 'too little', score: null } as const;
  return { analysisId, stepId, from, minutes: 70, ...judged };
}

test('before the first one a person is told that there will be some', () => {
  const verdict = analysis('analyse:10', 'analyse:10');
  expect(heldInWords([verdict], 'analyse:10', held)).toBe(
    'a further analysis comes every 15 minutes, 3 more at most, and one that finds harm undoes it',
  );
});

test('the newest one of this question is told, and those of all questions count', () => {
  const made = [
    analysis('analyse:10', heldAnalysisId('analyse:10', 1)),
    analysis('analyse:30', heldAnalysisId('analyse:30', 1)),
  ];
  expect(heldInWords(made, 'analyse:10', held)).toBe(
    'the newest analysis, of 70 minutes, says inconclusive: too little (report analyse:10:held:1); ' +
      'a further analysis comes every 15 minutes, 1 more at most, and one that finds harm undoes it',
  );
});

test('after the last one a person is told that none comes', () => {
  const made = [1, 2, 3].map((n) => analysis('approve:10', heldAnalysisId('approve:10', n)));
  expect(heldInWords(made, 'approve:10', held)).toMatch(/held:3\); no further analysis is made$/);
});
