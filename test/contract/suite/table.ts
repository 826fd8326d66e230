import type { Outcome, Result } from './run-scenario.js';
import type { TargetName } from './targets/target.js';

export interface TargetRun {
  readonly target: TargetName;
  /** Empty where the target could not be played on. */
  readonly results: readonly Result[];
  readonly whyNot: string | undefined;
}

const HEADER = ['target', 'scenarios', 'agree', 'diverge', 'not there', 'skipped'] as const;

/** One line a target: how many scenarios, and how they ended. */
export function tableOf(runs: readonly TargetRun[]): string {
  const rows = runs.map(({ target, results, whyNot }) =>
    whyNot === undefined
      ? [target, ...counts(results)]
      : [target, `not played: ${whyNot}`, '', '', '', ''],
  );
  return [HEADER, HEADER.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function counts(results: readonly Result[]): readonly string[] {
  const count = (kind: Outcome['kind']) =>
    results.filter(({ outcome }) => outcome.kind === kind).length;
  return [
    results.length,
    count('agrees'),
    count('differs'),
    count('not there'),
    count('skipped'),
  ].map(String);
}
