import { pinTag, pinTagKey, type AttemptState } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { scriptedGroup } from '../../support/engine/scripted-group.js';
import { onServerGroup } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());

const old = 'web-prod-v000';
const shrinkable = { capacity: { min: 1, desired: 3, max: 6 } };
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
  engine.aws.serverGroups = [scriptedGroup(old, shrinkable), scriptedGroup('web-prod-v001')];
  for (const key of Object.keys(engine.aws.tags)) delete engine.aws.tags[key];
});

async function runs(stage: Parameters<EngineHarness['execute']>[0][number]): Promise<AttemptState> {
  const id = await engine.execute([stage]);
  await engine.result(id);
  const attempt = engine.records.state(id).stages[0]?.attempts.at(-1);
  if (attempt === undefined) throw new Error('the stage never started');
  return attempt;
}

/** The calls after the look that chose the group. */
function calls(): readonly string[] {
  return engine.aws.calls.slice(1).map((call) => call.replace(` ${old}`, ''));
}

const pin = { ...onServerGroup(), type: 'pinServerGroup' } as const;
const unpin = { ...onServerGroup(), type: 'unpinServerGroup' } as const;
const tag = {
  ...onServerGroup(),
  type: 'tagServerGroup',
  tags: [{ key: 'team', value: 'shop', propagateAtLaunch: true }],
  remove: ['tier'],
} as const;
const web = { value: 'web', propagateAtLaunch: true };

describe('pinServerGroup', () => {
  test('remembers the minimum in a tag before it raises it', async () => {
    const attempt = await runs(pin);
    expect(attempt).toMatchObject({
      status: 'SUCCEEDED',
      outputs: { serverGroup: old, changed: true, min: 3, recordedMin: 1 },
    });
    expect(calls()).toEqual([
      'readServerGroupTags',
      `changeServerGroupTags ${pinTagKey}=min=1 pinned=3`,
      'pinServerGroup',
    ]);
  });

  test('leaves a group that cannot shrink', async () => {
    engine.aws.serverGroups = [scriptedGroup(old), scriptedGroup('web-prod-v001')];
    expect((await runs(pin)).outputs).toEqual({ serverGroup: old, changed: false, min: 3 });
    expect(calls()).toEqual(['readServerGroupTags']);
  });

  test('takes minimum and tag back when it is refused', async () => {
    engine.aws.fails('pinServerGroup', 'AWS_DENIED');
    const attempt = await runs(pin);
    expect(attempt.status).toBe('TERMINAL');
    expect(attempt.undo.map(({ entry, status }) => [entry.operation, status])).toEqual([
      ['restoreTags', 'done'],
      ['unpinServerGroup', 'done'],
    ]);
    expect(calls().slice(-2)).toEqual([
      'unpinServerGroup',
      `restoreServerGroupTags no ${pinTagKey}`,
    ]);
  });
});

describe('unpinServerGroup', () => {
  test('sets the minimum back to what the tag remembers, then removes the tag', async () => {
    engine.aws.tags[pinTagKey] = pinTag({ min: 1, pinnedMin: 3 });
    const capacity = { min: 3, desired: 3, max: 6 };
    engine.aws.serverGroups = [scriptedGroup(old, { capacity }), scriptedGroup('web-prod-v001')];
    const attempt = await runs(unpin);
    expect(attempt.outputs).toEqual({
      serverGroup: old,
      changed: true,
      outcome: 'unpinned',
      min: 1,
    });
    expect(calls()).toEqual([
      'readServerGroupTags',
      'unpinServerGroup',
      `changeServerGroupTags no ${pinTagKey}`,
    ]);
    expect(attempt.undo.map(({ entry }) => entry.operation)).toEqual([
      'unpinServerGroup',
      'restoreTags',
    ]);
  });

  test('changes nothing of a group that no stage has pinned', async () => {
    expect((await runs(unpin)).outputs).toEqual({ serverGroup: old, changed: false, min: 1 });
    expect(calls()).toEqual(['readServerGroupTags']);
  });

  test('refuses a tag that no pin has written', async () => {
    engine.aws.tags[pinTagKey] = { value: 'two', propagateAtLaunch: false };
    expect((await runs(unpin)).error?.code).toBe('CHANGED_BY_SOMEONE_ELSE');
    expect(calls()).toEqual(['readServerGroupTags']);
  });
});

describe('tagServerGroup', () => {
  test('sets and removes tags, once it is recorded what they were', async () => {
    engine.aws.tags['team'] = web;
    const attempt = await runs(tag);
    expect(attempt.outputs).toEqual({ serverGroup: old, set: ['team'], removed: ['tier'] });
    expect(calls()).toEqual(['readServerGroupTags', 'changeServerGroupTags team=shop, no tier']);
    expect(attempt.undo[0]?.entry).toMatchObject({
      operation: 'restoreTags',
      recorded: { team: web, tier: null },
    });
  });

  test('gives them back when it fails', async () => {
    engine.aws.tags['team'] = web;
    engine.aws.fails('changeServerGroupTags', 'AWS_DENIED');
    const attempt = await runs(tag);
    expect(attempt).toMatchObject({ status: 'TERMINAL', undo: [{ status: 'done' }] });
    expect(calls().at(-1)).toBe('restoreServerGroupTags team=web, no tier');
  });
});
