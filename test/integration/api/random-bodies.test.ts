import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { nobody } from './support/pipelines.js';

let under: ApiUnderTest;

beforeAll(async () => {
  under = await startApiUnderTest();
});

afterAll(async () => under.close());

const yaml = { 'content-type': 'application/yaml' };

describe('random JSON', () => {
  const refIds = fc.constantFrom('a', 'b', 'settle', '', 'x y');
  const almostStage = fc.record(
    {
      refId: fc.oneof(refIds, fc.jsonValue()),
      name: fc.oneof(fc.string(), fc.jsonValue()),
      type: fc.oneof(
        fc.constantFrom('wait', 'deploy', 'findImage', 'checkPreconditions'),
        fc.string(),
      ),
      waitSeconds: fc.oneof(fc.integer(), fc.double(), fc.string()),
      requisiteStageRefIds: fc.oneof(fc.array(refIds), fc.jsonValue()),
      image: fc.oneof(fc.record({ fromStage: refIds }), fc.jsonValue()),
      preconditions: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const almostDefinition = fc.record(
    {
      schemaVersion: fc.oneof(fc.constant(1), fc.jsonValue()),
      application: fc.oneof(fc.constant('web'), fc.jsonValue()),
      name: fc.oneof(fc.constant('x'), fc.jsonValue()),
      stages: fc.oneof(fc.array(almostStage), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  const urls = fc.constantFrom(
    '/v1/pipelines',
    '/v1/pipelines/validate',
    '/v1/pipelines/web/none/executions',
    '/v1/pipelines/web/none/plan',
    '/v1/executions',
    `/v1/executions/${nobody}/stages/deploy/retry`,
    `/v1/executions/${nobody}/cancel`,
    '/v1/plan',
  );

  test('at any route is never a fault of ours', async () => {
    const bodies = fc.oneof(fc.jsonValue(), almostDefinition);
    await fc.assert(
      fc.asyncProperty(urls, bodies, fc.boolean(), async (url, body, asYaml) => {
        const reply = await under.post(url, JSON.stringify(body), asYaml ? yaml : {});
        expect(reply.status).toBeLessThan(500);
      }),
      { numRuns: 400 },
    );
  });

  test('and random text as YAML neither', async () => {
    await fc.assert(
      fc.asyncProperty(urls, fc.string({ maxLength: 200 }), async (url, text) => {
        const reply = await under.post(url, text, yaml);
        expect(reply.status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });
});
