import { readFileSync } from 'node:fs';

import { createApi, openApiDocument, type Api } from '@gennaker/api';
import { createLogger, systemClock } from '@gennaker/platform';
import { openStore } from '@gennaker/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

type Document = ReturnType<typeof openApiDocument>;

const committedFile = new URL('../../apps/api/openapi.json', import.meta.url);

let api: Api;
let document: Document;

beforeAll(async () => {
  api = await createApi({
    store: openStore({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none', poolMax: 1 }),
    temporal: { address: '127.0.0.1:1', namespace: 'default', tls: false },
    logger: createLogger({ name: 'api', level: 'error' }),
    clock: systemClock,
  });
  document = JSON.parse(JSON.stringify(openApiDocument(api.app))) as Document;
});

afterAll(async () => api.close());

describe('the OpenAPI document', () => {
  test('is the committed one; `npm run openapi -w @gennaker/api` after a build writes it', () => {
    const committed: unknown = JSON.parse(readFileSync(committedFile, 'utf8'));
    expect(document).toEqual(committed);
  });

  test('is OpenAPI 3.1 and names every route of the control plane', () => {
    expect(document.openapi).toBe('3.1.0');
    const routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.toSorted()).toEqual(
      [
        'GET /health/live',
        'GET /health/ready',
        'GET /v1/applications/{application}/clusters/{account}/{region}/{cluster}',
        'GET /v1/executions',
        'GET /v1/executions/{id}',
        'GET /v1/executions/{id}/analyses',
        'GET /v1/executions/{id}/events',
        'GET /v1/executions/{id}/stages/{refId}/attempts/{attempt}/evidence',
        'GET /v1/pipelines',
        'GET /v1/pipelines/{application}/{name}',
        'POST /v1/applications/{application}/clusters/{account}/{region}/{cluster}/rollback',
        'POST /v1/applications/{application}/clusters/{account}/{region}/{cluster}/rollback/plan',
        'POST /v1/executions',
        'POST /v1/executions/{id}/attention/hand-over',
        'POST /v1/executions/{id}/attention/repaired',
        'POST /v1/executions/{id}/attention/retry-undo',
        'POST /v1/executions/{id}/cancel',
        'POST /v1/executions/{id}/stages/{refId}/judge',
        'POST /v1/executions/{id}/stages/{refId}/retry',
        'POST /v1/pipelines',
        'POST /v1/pipelines/validate',
        'POST /v1/pipelines/{application}/{name}/executions',
        'POST /v1/pipelines/{application}/{name}/plan',
        'POST /v1/plan',
      ].toSorted(),
    );
  });

  test('refers only to components that it has', () => {
    const known = Object.keys(document.components?.schemas ?? {});
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
    const missing = references
      .map(([, reference]) => reference?.replace('#/components/schemas/', '') ?? '')
      .filter((name) => !known.includes(name));
    expect(missing).toEqual([]);
  });

  test('says for every acting route that it takes an Idempotency-Key', () => {
    const acting = [
      '/v1/pipelines',
      '/v1/pipelines/{application}/{name}/executions',
      '/v1/executions',
      '/v1/executions/{id}/stages/{refId}/judge',
      '/v1/executions/{id}/stages/{refId}/retry',
      '/v1/executions/{id}/cancel',
    ];
    const without = acting.filter((path) => {
      const parameters = document.paths[path]?.post?.parameters ?? [];
      return !parameters.some((one) => 'name' in one && one.name === 'Idempotency-Key');
    });
    expect(without).toEqual([]);
  });

  test('answers every route with a described body', () => {
    const bare = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item as Record<string, { responses?: Record<string, { content?: object }> }>)
        .filter(({ responses = {} }) => !Object.values(responses).some((one) => one.content))
        .map(() => path),
    );
    expect(bare).toEqual([]);
  });
});

describe('the pages at /docs', () => {
  test('come with all their files from this process, and name no other host', async () => {
    const page = await api.app.inject({ method: 'GET', url: '/docs' });
    expect(page.statusCode).toBe(200);
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => /^(https?:)?\/\//.test(file))).toEqual([]);
    const answers = await Promise.all(
      files.map((file) => api.app.inject({ method: 'GET', url: file.replace(/^\.\//, '/') })),
    );
    expect(answers.map((answer) => answer.statusCode)).toEqual(files.map(() => 200));
  });

  test('read the document that /openapi.json gives', async () => {
    const served = await api.app.inject({ method: 'GET', url: '/openapi.json' });
    expect(served.statusCode).toBe(200);
    expect(served.json()).toEqual(document);
  });
});
