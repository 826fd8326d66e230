import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { faultsOf, pointersOf } from './support/faults.js';
import { waitingDefinition } from './support/pipelines.js';

let under: ApiUnderTest;

beforeAll(async () => {
  under = await startApiUnderTest();
});

afterAll(async () => under.close());

const yaml = { 'content-type': 'application/yaml' };
const settle = waitingDefinition.stages[0];

async function nothingIsStored(): Promise<void> {
  const [pipelines, executions] = await Promise.all([
    under.store.pipelines.listPipelines({ limit: 1 }),
    under.store.executions.listExecutions({ limit: 1 }),
  ]);
  expect(pipelines.pipelines).toEqual([]);
  expect(executions).toEqual([]);
}

describe.each(['/v1/pipelines', '/v1/executions', '/v1/pipelines/validate', '/v1/plan'])(
  'POST %s refuses, and stores nothing of,',
  (url) => {
    test('unknown fields, each by its name', async () => {
      const body = { ...waitingDefinition, extra: 1, stages: [{ ...settle, 'a/b~c': 2 }] };
      const reply = await under.post(url, body);
      expect(reply.status).toBe(422);
      expect(reply.headers['content-type']).toContain('application/problem+json');
      expect(faultsOf(reply)).toEqual(
        expect.arrayContaining([
          ['/extra', 'unknown field'],
          ['/stages/0/a~1b~0c', 'unknown field'],
        ]),
      );
      await nothingIsStored();
    });

    test('a cycle, by the names of its stages', async () => {
      const stages = [
        { ...settle, refId: 'a', requisiteStageRefIds: ['b'] },
        { ...settle, refId: 'b', requisiteStageRefIds: ['a'] },
      ];
      const reply = await under.post(url, { ...waitingDefinition, stages });
      expect(reply.status).toBe(422);
      expect(faultsOf(reply)).toEqual([
        ['/stages/0/requisiteStageRefIds', expect.stringContaining('a → b → a')],
      ]);
      await nothingIsStored();
    });

    test('dangling references and duplicate refIds together with faults of shape', async () => {
      const stages = [
        { ...settle, refId: 'a', requisiteStageRefIds: ['gone'] },
        { ...settle, refId: 'a', waitSeconds: 'long' },
      ];
      const reply = await under.post(url, { ...waitingDefinition, stages });
      expect(reply.status).toBe(422);
      expect(pointersOf(reply).toSorted()).toEqual([
        '/stages/0/requisiteStageRefIds/0',
        '/stages/1/refId',
        '/stages/1/waitSeconds',
      ]);
      await nothingIsStored();
    });

    test('wrong types in every place', async () => {
      const reply = await under.post(url, {
        schemaVersion: '1',
        application: 7,
        name: [],
        stages: {},
      });
      expect(reply.status).toBe(422);
      expect(pointersOf(reply)).toEqual(['/schemaVersion', '/application', '/name', '/stages']);
      await nothingIsStored();
    });

    test.each([
      ['null', 'null'],
      ['an array', '[]'],
      ['a string', '"red-black"'],
      ['a number', '1e999'],
      ['nothing', ''],
    ])('%s in place of a definition', async (_what, body) => {
      const reply = await under.post(url, body);
      expect(reply.status).toBe(422);
      await nothingIsStored();
    });

    test('broken YAML, with line and column', async () => {
      const reply = await under.post(url, 'schemaVersion: 1\nstages: [a, b\nname: x\n', yaml);
      expect(reply).toMatchObject({ status: 400, body: { code: 'MALFORMED_BODY' } });
      expect(reply.body['details']).toEqual({ line: 3, column: 1 });
      expect(reply.body['detail']).toContain('at line 3, column 1');
      await nothingIsStored();
    });

    test('broken JSON, with line and column', async () => {
      const reply = await under.post(url, '{\n  "name": "x",\n  "stages": [1,,2]\n}');
      expect(reply).toMatchObject({ status: 400, body: { code: 'MALFORMED_BODY' } });
      expect(reply.body['details']).toEqual({ line: 3, column: 16 });
      await nothingIsStored();
    });

    test('a body of more than 256 KiB', async () => {
      const reply = await under.post(url, {
        ...waitingDefinition,
        description: 'x'.repeat(262_144),
      });
      expect(reply).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
      await nothingIsStored();
    });
  },
);
