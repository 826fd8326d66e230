import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { workflowBundlePath } from '@gennaker/worker';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';

const folder = path.resolve(import.meta.dirname, 'histories');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('there are golden histories', () => {
  expect(names.length).toBeGreaterThanOrEqual(8);
});

/** Every history of every released shape, with the very bundle that the worker ships (DESIGN D13). */
test.each(names)('replays %s', async (name) => {
  const history: unknown = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
  const replay = Worker.runReplayHistory(
    { workflowBundle: { codePath: workflowBundlePath }, replayName: name },
    history,
  );
  await expect(replay).resolves.not.toThrow();
});

test('notices a history that the workflow would not have made', async () => {
  const name = names.find((candidate) => candidate.endsWith('red-black.json'));
  const text = readFileSync(path.join(folder, name ?? ''), 'utf8');
  const other: unknown = JSON.parse(text.replaceAll('"createServerGroup"', '"makeServerGroup"'));
  await expect(
    Worker.runReplayHistory({ workflowBundle: { codePath: workflowBundlePath } }, other),
  ).rejects.toThrow(/TMPRL1100|[Nn]ondeterminism/);
});
