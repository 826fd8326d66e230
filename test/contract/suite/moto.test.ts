import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allScenarios } from './all-scenarios.js';
import { knownDivergences, surpriseOf } from './divergences.js';
import { runAll, type Result } from './run-scenario.js';
import { tableOf } from './table.js';
import { motoOrReason } from './moto-or-reason.js';
import { deployThroughBoto3 } from './python/deploy-through-boto3.js';

const had = await motoOrReason();
const known = knownDivergences('moto');
const RUN_TIMEOUT_MS = 600_000;
let results: readonly Result[] = [];

beforeAll(async () => {
  if ('target' in had) results = await runAll(had.target, allScenarios);
}, RUN_TIMEOUT_MS);

afterAll(async () => {
  const whyNot = 'target' in had ? undefined : had.whyNot;
  process.stdout.write(`\n${tableOf([{ target: 'moto', results, whyNot }])}\n`);
  if ('target' in had) await had.target.close();
});

describe.skipIf('whyNot' in had)('moto does as its list of divergences says', () => {
  it.each(allScenarios.map(({ id }, index) => [id, index] as const))('%s', (_id, index) => {
    const result = results[index];
    expect(result?.scenario.id).toBe(allScenarios[index]?.id);
    const surprise = result === undefined ? 'not played' : surpriseOf(result, known);
    expect(surprise, surprise).toBeUndefined();
  });
});

describe.skipIf('whyNot' in had)('boto3', () => {
  it('deploys red/black against the stand-in as the JavaScript SDK does', async () => {
    expect(await deployThroughBoto3()).toEqual({
      account: '333333333333',
      lifecycle: ['InService'],
      oldServedAlone: true,
      bothServed: true,
      draining: ['draining', 'draining'],
      onlyNewServes: true,
      duplicate: ['AlreadyExists', 400],
      inUse: ['ResourceInUse', 400],
      groupsLeft: 0,
      oldInstances: ['terminated', 'terminated'],
    });
  }, 60_000);
});
