import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestStore, somePipeline, someTime, type TestStore } from './test-store.js';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

function save(
  change: Parameters<typeof somePipeline>[0],
  key: string | null = null,
  bodyHash = 'h',
) {
  const idempotency = key === null ? null : { scope: 'pipelines', key, bodyHash };
  const pipeline = somePipeline(change);
  return test.store.pipelines.savePipeline({
    pipeline,
    savedBy: 'ada',
    idempotency,
    now: someTime,
  });
}

describe('pipelines', () => {
  it('make each save a version, and give back the newest or the one asked for', async () => {
    await save({ name: 'versions', description: 'first' });
    await save({ name: 'versions', description: 'second' });
    const name = { application: 'web', name: 'versions' };
    expect(await test.store.pipelines.findPipeline(name)).toEqual({
      pipeline: somePipeline({ name: 'versions', description: 'second' }),
      version: 2,
      savedBy: 'ada',
      savedAt: someTime.toISOString(),
    });
    const first = await test.store.pipelines.findPipeline(name, 1);
    expect(first?.pipeline.description).toBe('first');
    expect(await test.store.pipelines.findPipeline(name, 3)).toBeUndefined();
  });

  it('number versions without gaps when many save at once', async () => {
    const saves = await Promise.all(Array.from({ length: 40 }, () => save({ name: 'at-once' })));
    const versions = saves.map((saved) => (saved.outcome === 'saved' ? saved.version : 0));
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  });

  it('save once for one key, also when it comes many times at once', async () => {
    const saves = await Promise.all(
      Array.from({ length: 12 }, () => save({ name: 'once' }, 'one-key')),
    );
    expect(saves.filter(({ outcome }) => outcome === 'saved')).toHaveLength(1);
    expect(saves.every((saved) => saved.outcome !== 'keyReused' && saved.version === 1)).toBe(true);
    expect(await save({ name: 'once' }, 'one-key', 'other')).toEqual({ outcome: 'keyReused' });
  });

  it('keep a definition to the letter, the order of its keys and NUL included', async () => {
    const description = 'a \0 in it';
    await save({ name: 'letters', description });
    const found = await test.store.pipelines.findPipeline({ application: 'web', name: 'letters' });
    expect(JSON.stringify(found?.pipeline)).toBe(
      JSON.stringify(somePipeline({ name: 'letters', description })),
    );
  });

  it('are listed page by page with their newest versions', async () => {
    for (const name of ['p1', 'p2', 'p2', 'p3']) await save({ application: 'paged', name });
    const { pipelines } = test.store;
    const first = await pipelines.listPipelines({ application: 'paged', limit: 2 });
    expect(first.pipelines.map(({ pipeline, version }) => [pipeline.name, version])).toEqual([
      ['p1', 1],
      ['p2', 2],
    ]);
    if (first.next === null) throw new Error('there is a second page');
    const second = await pipelines.listPipelines({
      application: 'paged',
      after: first.next,
      limit: 2,
    });
    expect(second.pipelines.map(({ pipeline }) => pipeline.name)).toEqual(['p3']);
    expect(second.next).toBeNull();
  });
});
