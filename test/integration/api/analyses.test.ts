import { analyse, type AnalysisReport } from '@gennaker/canary';
import { analysisListSchema } from '@gennaker/contract';
import type { ExecutionEvent, JsonObject } from '@gennaker/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { analysisRequest } from '../../unit/canary/analysis-builder.js';
import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { RecordedExecution } from './support/recorded-execution.js';

let under: ApiUnderTest;
let recorded: RecordedExecution;
const good = analyse(analysisRequest());
const bad = analyse(
  analysisRequest({ arms: [{ role: 'control' }, { role: 'experiment', errorRate: 0.02 }] }),
);

beforeAll(async () => {
  under = await startApiUnderTest();
  recorded = await RecordedExecution.create(under.store);
  const attempt = { refId: 'settle', attempt: 1 } as const;
  await recorded.record(
    { kind: 'execution.started', runId: 'run' },
    { kind: 'stage.started', ...attempt, deadline: '2026-03-02T12:00:00.000Z' },
    finished('analyse:5:1', good),
    finished('analyse:20:1', bad),
    finished('analyse:20:1', bad),
  );
});
afterAll(() => under.close());

function finished(analysisId: string, report: AnalysisReport): ExecutionEvent {
  const { outcome, reason, from, minutes, score } = report;
  return {
    kind: 'analysis.finished',
    refId: 'settle',
    attempt: 1,
    analysis: { analysisId, stepId: 'analyse', outcome, reason, from, minutes, score },
    report: JSON.parse(JSON.stringify(report)) as JsonObject,
  };
}

const path = () => `/v1/executions/${recorded.id}/analyses`;

test('gives each report whole, newest first, a page at a time', async () => {
  const first = analysisListSchema.parse((await under.get(`${path()}?limit=2`)).body);
  expect(first.analyses.map(({ report }) => report)).toEqual([bad, bad]);
  const next = `${path()}?limit=2&cursor=${first.nextCursor}`;
  const second = analysisListSchema.parse((await under.get(next)).body);
  expect(second.analyses).toMatchObject([
    { refId: 'settle', attempt: 1, analysisId: 'analyse:5:1', report: good },
  ]);
  expect(second.nextCursor).toBeNull();
});

test('gives them to people as text, with the reason, the gate and both series', async () => {
  const reply = await under.api.app.inject({ method: 'GET', url: `${path()}?format=text` });
  expect(reply.headers['content-type']).toBe('text/markdown; charset=utf-8');
  expect(reply.body).toContain('# Canary analysis: fail');
  expect(reply.body).toContain('harm is shown: more than 1.5 times');
  expect(reply.body).toContain('### errorsPerMillion: High');
  expect(reply.body).toMatch(/control {4}[▁▂▃▄▅▆▇█ ]+\nexperiment [▁▂▃▄▅▆▇█ ]+/);
});

test('keeps only the summary of each in the execution, once, and links the rest', async () => {
  const { body } = await under.get(`/v1/executions/${recorded.id}`);
  expect(body['links']).toMatchObject({ analyses: path() });
  expect(body['stages']).toMatchObject([
    {
      attempts: [
        {
          analyses: [
            { analysisId: 'analyse:5:1', outcome: 'pass', score: 100, minutes: good.minutes },
            { analysisId: 'analyse:20:1', outcome: 'fail', reason: bad.reason },
          ],
        },
      ],
    },
  ]);
  expect(JSON.stringify(body)).not.toContain('minutesPerPoint');
});

test('has none for an execution that made none, and 404 for one that is not there', async () => {
  const other = await RecordedExecution.create(under.store);
  const none = await under.get(`/v1/executions/${other.id}/analyses`);
  expect(none.body).toEqual({ analyses: [], nextCursor: null });
  expect((await under.get('/v1/executions/nobody/analyses')).status).toBe(404);
  expect((await under.get(`${path()}?format=html`)).status).toBe(422);
});
