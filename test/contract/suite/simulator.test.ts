import { afterAll, describe, expect, it } from 'vitest';
import { allScenarios } from './all-scenarios.js';
import { commandsUsedIn } from './commands-used.js';
import { knownDivergences, surpriseOf } from './divergences.js';
import { runScenario, type Result } from './run-scenario.js';
import { tableOf } from './table.js';
import { simulatorTarget } from './targets/simulator-target.js';

const target = simulatorTarget();
const known = knownDivergences('simulator');
const results: Result[] = [];

/** What tidying up calls but the stand-in does not have: its networks are never taken down. */
const NETWORK_STAYS = /^InternalFailure: .*'Delete(Vpc|Subnet|SecurityGroup)'/;

afterAll(() => {
  process.stdout.write(`\n${tableOf([{ target: 'simulator', results, whyNot: undefined }])}\n`);
});

describe('the stand-in does as AWS documents', () => {
  it.each(allScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s',
    async (_id, scenario) => {
      const result = await runScenario(target, scenario);
      results.push(result);
      const surprise = surpriseOf(result, known);
      expect(surprise, surprise).toBeUndefined();
      expect(result.outcome.kind === 'not there' ? result.outcome.because : '').toBe('');
      expect(result.leftBehind.filter((line) => !NETWORK_STAYS.test(line))).toEqual([]);
    },
  );
});

describe('the scenarios', () => {
  it('are at least 250', () => {
    expect(allScenarios.length).toBeGreaterThanOrEqual(250);
  });

  it('have names of their own', () => {
    const ids = allScenarios.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("rest each on a page of AWS's documentation", () => {
    const page = /^https:\/\/docs\.aws\.amazon\.com\/\S+$/;
    expect(allScenarios.filter(({ documentation }) => !page.test(documentation))).toEqual([]);
  });

  it('are what the lists of divergences name', () => {
    const ids = new Set(allScenarios.map(({ id }) => id));
    const targets = ['simulator', 'moto', 'localstack', 'aws'] as const;
    const listed = targets.flatMap((name) => Object.keys(knownDivergences(name)));
    expect(listed.filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(['libs/aws', 'localstack/seed'])(
    'call every operation that %s calls, and it is there',
    (room) => {
      const covered = new Set(results.flatMap(({ operations }) => [...operations]));
      const used = commandsUsedIn(room);
      expect(used.length).toBeGreaterThan(10);
      expect(used.filter((operation) => !covered.has(operation))).toEqual([]);
    },
  );
});
