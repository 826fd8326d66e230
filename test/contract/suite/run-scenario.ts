import { AssertionError } from 'node:assert/strict';
import type { Scenario } from './scenario.js';
import { Skipped } from './stage.js';
import type { Target } from './targets/target.js';

/** Whether the target behaves as the scenario says that AWS does. */
export type Outcome =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'differs'; readonly because: string }
  | { readonly kind: 'not there'; readonly because: string }
  | { readonly kind: 'skipped'; readonly because: string };

export interface Result {
  readonly scenario: Scenario;
  readonly outcome: Outcome;
  readonly operations: ReadonlySet<string>;
  readonly leftBehind: readonly string[];
}

/** Plays a scenario on a target; never rejects. */
export async function runScenario(target: Target, scenario: Scenario): Promise<Result> {
  const played = await target.withStage(scenario.run);
  const { operations, leftBehind } = played;
  return { scenario, operations, leftBehind, outcome: outcomeOf(played) };
}

function outcomeOf(played: {
  readonly end: { readonly value: unknown } | { readonly error: unknown };
  readonly missing: string | undefined;
}): Outcome {
  if (!('error' in played.end)) return { kind: 'agrees' };
  const { error } = played.end;
  if (error instanceof Skipped) return { kind: 'skipped', because: error.message };
  if (played.missing !== undefined) return { kind: 'not there', because: played.missing };
  return { kind: 'differs', because: explain(error) };
}

const EXPLANATION_MAX = 400;

function explain(error: unknown): string {
  const name =
    error instanceof AssertionError || !(error instanceof Error) ? '' : `${error.name}: `;
  const text = `${name}${error instanceof Error ? error.message : String(error)}`;
  return text.replaceAll(/\s+/g, ' ').slice(0, EXPLANATION_MAX);
}

/** Plays all scenarios, as many at once as the target bears; the results come in the order of the scenarios. */
export async function runAll(
  target: Target,
  scenarios: readonly Scenario[],
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const rest = [...scenarios.entries()];
  const work = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const [index, scenario] = next;
      results[index] = await runScenario(target, scenario);
    }
  };
  await Promise.all(Array.from({ length: target.concurrency }, work));
  return results;
}
