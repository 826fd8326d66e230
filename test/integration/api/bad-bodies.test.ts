import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { pointersOf } from './support/faults.js';
import { nobody, waitingDefinition } from './support/pipelines.js';

let under: ApiUnderTest;

beforeAll(async () => {
  under = await startApiUnderTest();
});

afterAll(async () => under.close());

const yaml = { 'content-type': 'application/yaml' };

describe('a body', () => {
  test('of 1 MB and more is a problem that the client gets to see', async () => {
    await under.api.app.listen(0, '127.0.0.1');
    const url = await under.api.app.getUrl();
    for (const bytes of [1_000_001, 3_000_000, 20_000_000]) {
      const response = await fetch(`${url}/v1/pipelines`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `"${'x'.repeat(bytes)}"`,
      });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
    }
  });

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense'])(
    'of the type %s is 415',
    async (type) => {
      const reply = await under.post('/v1/pipelines', '{}', { 'content-type': type });
      expect(reply).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    },
  );

  test('nested without end is refused by its depth', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const asJson = await under.post('/v1/pipelines', deep);
    expect(asJson.status).toBe(422);
    const asYaml = await under.post('/v1/pipelines', deep, yaml);
    expect(asYaml.status).toBe(400);
    const braces = await under.post('/v1/pipelines', '{"a":'.repeat(20_000));
    expect(braces.status).toBe(400);
  });

  test('with a prototype key is refused, and changes no prototype', async () => {
    const body = '{"schemaVersion":1,"__proto__":{"polluted":true},"stages":[{"__proto__":1}]}';
    const asJson = await under.post('/v1/pipelines', body);
    expect(asJson.status).toBe(422);
    expect(pointersOf(asJson)).toEqual(['/__proto__', '/stages/0/__proto__']);
    const asYaml = await under.post('/v1/pipelines', '__proto__: { polluted: true }\n', yaml);
    expect(asYaml.status).toBe(422);
    expect(pointersOf(asYaml)).toContain('/__proto__');
    const inherited = await under.post('/v1/pipelines', '{"constructor":{"prototype":{"a":1}}}');
    expect(pointersOf(inherited)).toContain('/constructor');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('of YAML with numbers that JSON cannot hold is refused where they are', async () => {
    const reply = await under.post('/v1/pipelines', 'stages: [{ waitSeconds: .nan }, -.inf]', yaml);
    expect(reply.status).toBe(422);
    expect(pointersOf(reply)).toEqual(['/stages/0/waitSeconds', '/stages/1']);
  });

  test.each([
    ['tags of its own', 'a: !!js/function "x"'],
    ['an unknown tag', 'a: !secret x'],
    ['a key twice', 'a: 1\na: 2'],
    ['several documents', 'a: 1\n---\nb: 2'],
    ['an alias of nothing', 'a: *nothing'],
    ['a key that is no text', '? [1, 2]\n: 3'],
  ])('of YAML with %s is 400 with a place', async (_what, text) => {
    const reply = await under.post('/v1/pipelines', text, yaml);
    expect(reply).toMatchObject({ status: 400, body: { code: 'MALFORMED_BODY' } });
    expect(reply.body['details']).toHaveProperty('line');
  });

  test('of YAML that grows by aliases is refused at once', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1) {
      const before = `*a${level - 1}`;
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => before).join(', ')}]`);
    }
    const begin = performance.now();
    const reply = await under.post('/v1/pipelines', lines.join('\n'), yaml);
    expect(reply.status).toBe(400);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  test('that is no UTF-8 text is 400', async () => {
    const response = await under.api.app.inject({
      method: 'POST',
      url: '/v1/pipelines',
      headers: { 'content-type': 'application/json' },
      payload: Buffer.from([0x22, 0xff, 0xfe, 0x22]),
    });
    expect(response.statusCode).toBe(400);
  });

  test('with a NUL, or half of a character, where a text is kept is no fault of ours', async () => {
    for (const by of ['a\u0000b', '\ud800']) {
      const path = `/v1/executions/${nobody}/cancel`;
      const reply = await under.post(path, { by, reason: by });
      expect(reply.status).toBeLessThan(500);
    }
    const reply = await under.post('/v1/pipelines', {
      ...waitingDefinition,
      description: 'a\u0000',
    });
    expect([201, 422]).toContain(reply.status);
  });
});
