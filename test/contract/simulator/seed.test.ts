import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { seed } from '@gennaker/seed';
import { startSimulator, type LedgerEntry, type RunningSimulator } from '@gennaker/simulator';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { repositoryRoot } from '../../support/repository-root.js';

let running: RunningSimulator;

beforeEach(async () => {
  running = await startSimulator({ clock: { kind: 'scaled', scale: 200 } });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await running.close();
});

async function writes(): Promise<readonly string[]> {
  const response = await fetch(`${running.url}/_simulator/ledger?since=0`);
  const { calls } = (await response.json()) as { calls: LedgerEntry[] };
  return calls
    .map(({ action }) => action)
    .filter((action) => !/^(Describe|GetCaller)/.test(action));
}

test('the seed makes a serving fleet, and a second run finds all and changes nothing', async () => {
  const place = { endpoint: running.url, region: 'eu-west-1', accountId: '123456789012' };
  const lines: string[] = [];
  const first = await seed({ ...place, log: (line) => lines.push(line) });
  expect(first.serverGroupName).toBe('web-prod-v000');
  expect(first.instanceIds).toHaveLength(3);
  expect(lines.filter((line) => line.endsWith(': made'))).toHaveLength(13);
  const made = await writes();

  const second = await seed({ ...place, log: (line) => lines.push(line) });
  expect(second).toEqual(first);
  expect(await writes()).toEqual(made);
  expect(lines.filter((line) => line.endsWith(': there'))).toHaveLength(13);
});

test('the ids of what it makes are the same each time: pipelines/blue-green.yaml names them', async () => {
  const own = await startSimulator({ clock: { kind: 'scaled', scale: 200 } });
  try {
    const accountId = '000000000000';
    const made = await seed({ endpoint: own.url, region: 'eu-west-1', accountId });
    const file = path.join(repositoryRoot, 'pipelines/blue-green.yaml');
    const example = await readFile(file, 'utf8');
    expect(example).toContain(made.listenerArn);
    expect(example).toContain(made.targetGroupArn);
    expect(example).toContain(made.secondTargetGroupArn);
  } finally {
    await own.close();
  }
});

test('the seed refuses credentials of another account before it makes anything', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', '999999999999');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'unused');
  const seeding = seed({
    endpoint: running.url,
    region: 'eu-west-1',
    accountId: '123456789012',
    useEnvironmentCredentials: true,
  });
  await expect(seeding).rejects.toThrow(
    'The credentials belong to account 999999999999, not to 123456789012: nothing was made',
  );
  expect(await writes()).toEqual([]);
});
