import type { AnalysedCanary, CanaryActivities } from '@gennaker/contract/wire';
import type { AnalysisOutcome } from '@gennaker/domain';

/** Canary activities over a script: what each analysis says, in turn; the last outcome goes on for ever. */
export function scriptedCanary(
  call: (activity: string, subject: string) => Promise<void>,
  outcomes: () => readonly AnalysisOutcome[],
): CanaryActivities {
  let made = 0;
  return {
    analyseCanary: async ({ arms, from }) => {
      await call('analyseCanary', arms.map(({ name }) => name).join(' '));
      const outcome = outcomes()[made] ?? outcomes().at(-1) ?? 'pass';
      made += 1;
      return scriptedAnalysis(outcome, from);
    },
  };
}

function scriptedAnalysis(outcome: AnalysisOutcome, from: string): AnalysedCanary {
  const reason = `the script says ${outcome}`;
  const score = outcome === 'pass' ? 100 : null;
  return { outcome, reason, from, minutes: 53, score, report: { version: 1, outcome, reason } };
}
