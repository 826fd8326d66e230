import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { waitingDefinition } from './support/pipelines.js';

let under: ApiUnderTest;

beforeAll(async () => {
  under = await startApiUnderTest();
});

afterAll(async () => under.close());

test('each save is a version; the newest is read unless another is asked for', async () => {
  const definition = { ...waitingDefinition, name: 'two versions' };
  const path = '/v1/pipelines/web/two%20versions';
  const first = await under.post('/v1/pipelines?by=anna', definition);
  const second = await under.post('/v1/pipelines', { ...definition, description: 'changed' });
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(first.headers['location']).toBe(`${path}?version=1`);
  expect(first.body).toMatchObject({ application: 'web', version: 1, savedBy: 'anna' });
  const newest = await under.get(path);
  expect(newest.body).toMatchObject({ version: 2, definition: { description: 'changed' } });
  const older = await under.get(`${path}?version=1`);
  expect(older.body['definition']).not.toHaveProperty('description');
  expect((await under.get(`${path}?version=3`)).status).toBe(404);
});

test('YAML and JSON of the same definition are the same pipeline', async () => {
  const named = (name: string) => ({ ...waitingDefinition, name });
  await under.post('/v1/pipelines', named('as-json'));
  const type = { 'content-type': 'application/yaml; charset=utf-8' };
  const saved = await under.post('/v1/pipelines', stringify(named('as-yaml')), type);
  expect(saved.status).toBe(201);
  const [json, yaml] = await Promise.all([
    under.get('/v1/pipelines/web/as-json'),
    under.get('/v1/pipelines/web/as-yaml'),
  ]);
  expect(yaml.body['definition']).toEqual({ ...Object(json.body['definition']), name: 'as-yaml' });
});

test('the same key and body save once; the same key with another body is refused', async () => {
  const definition = { ...waitingDefinition, name: 'with-key' };
  const key = { 'idempotency-key': 'save it once' };
  const first = await under.post('/v1/pipelines', definition, key);
  const again = await under.post('/v1/pipelines', definition, key);
  expect(again.status).toBe(201);
  expect(again.body).toEqual(first.body);
  expect(again.headers['idempotency-key']).toBe('save it once');
  const other = await under.post('/v1/pipelines', { ...definition, description: 'other' }, key);
  expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  expect((await under.get('/v1/pipelines/web/with-key')).body['version']).toBe(1);
});

test('an answer without a key names the one that was made', async () => {
  const definition = { ...waitingDefinition, name: 'without-key' };
  const first = await under.post('/v1/pipelines', definition);
  const key = { 'idempotency-key': String(first.headers['idempotency-key']) };
  expect((await under.post('/v1/pipelines', definition, key)).body['version']).toBe(1);
});

test('lists pages in order, each pipeline once', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const name of names) {
    await under.post('/v1/pipelines', { ...waitingDefinition, application: 'pages', name });
  }
  const found: unknown[] = [];
  let next: unknown = '';
  for (let page = 0; page < 3; page += 1) {
    const cursor = next === '' ? '' : `&cursor=${String(next)}`;
    const { body } = await under.get(`/v1/pipelines?application=pages&limit=2${cursor}`);
    found.push(...(body['pipelines'] as { name: string }[]).map(({ name }) => name));
    next = body['nextCursor'];
  }
  expect(found).toEqual(names);
  expect(next).toBeNull();
});

test('a valid definition is valid, and validating stores nothing', async () => {
  const reply = await under.post('/v1/pipelines/validate', {
    ...waitingDefinition,
    name: 'unsaved',
  });
  expect(reply).toMatchObject({ status: 200, body: { valid: true } });
  expect((await under.get('/v1/pipelines/web/unsaved')).status).toBe(404);
});
