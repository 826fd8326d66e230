import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../support/repository-root.js';
import type { Result } from './run-scenario.js';
import type { TargetName } from './targets/target.js';

/** Scenario → what the target does instead. */
export type Divergences = Readonly<Record<string, string>>;

/** The checked-in list of what a target is known to do otherwise. */
export function knownDivergences(target: TargetName): Divergences {
  const file = path.join(
    repositoryRoot,
    'test',
    'contract',
    'suite',
    'divergences',
    `${target}.json`,
  );
  return JSON.parse(readFileSync(file, 'utf8')) as Divergences;
}

/** What is wrong with a result, in a sentence; `undefined`: it is what the list says. */
export function surpriseOf(result: Result, known: Divergences): string | undefined {
  const { id } = result.scenario;
  const isKnown = Object.hasOwn(known, id);
  const { outcome } = result;
  switch (outcome.kind) {
    case 'agrees':
      return isKnown
        ? `${id} now agrees with AWS, but is listed as divergent: take it off the list`
        : undefined;
    case 'differs':
      return isKnown ? undefined : `${id} differs: ${outcome.because}`;
    case 'not there':
      return isKnown
        ? `${id} is listed as divergent, but the target has no ${outcome.because}`
        : undefined;
    case 'skipped':
      return undefined;
  }
}
