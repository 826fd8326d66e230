import type { AnalysisOutcome } from '@gennaker/domain';
import { describe, expect, test } from 'vitest';

import { eachTestWithCanaries, type CanaryDeploys } from '../../support/engine/canary-deploys.js';
import type { EngineHarness } from '../../support/engine/engine-harness.js';

let engine: EngineHarness;
let canary: CanaryDeploys;
eachTestWithCanaries((given) => ({ engine, canary } = given));

describe('a canary', () => {
  test('that nobody can judge is held, and goes on once a person says so and why', async () => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await canary.start();
    await canary.asks(id);
    const [question] = canary.attempt(id).judgments ?? [];
    expect(question?.judgmentId).toBe('hold:analyse:10');
    expect(question?.instructions).toContain(
      'the canary is held, since the script says inconclusive',
    );
    await engine.judge(id, 'deploy', { by: 'ann', reason: 'known noise' });
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
    const judged = canary.attempt(id).steps.find(({ stepId }) => stepId === 'analyse:10');
    expect(judged?.outputs).toMatchObject({
      outcome: 'inconclusive',
      continuedBy: 'ann',
      reason: 'known noise',
    });
  });

  test('that is held is analysed again, and the newest stands beside the question', async () => {
    engine.aws.outcomes = [...Array<AnalysisOutcome>(4).fill('inconclusive'), 'pass'];
    engine.aws.heldWatches = 2;
    const id = await canary.start({ analysis: { everyMinutes: 20 } });
    await canary.asks(id);
    await expect
      .poll(() => canary.attempt(id).waitingFor?.message)
      .toContain('says pass: the script says pass (report analyse:10:held:2)');
    const { judgments, waitingFor, analyses } = canary.attempt(id);
    expect(waitingFor?.message).toContain('comes every 20 minutes, 22 more at most');
    expect(judgments).toHaveLength(1);
    expect(analyses?.map(({ analysisId }) => analysisId)).toEqual([
      'watch:10:1',
      'watch:10:2',
      'analyse:10',
      'analyse:10:held:1',
      'analyse:10:held:2',
    ]);
    // From the end of the step's own watch on.
    const watches = engine.aws.calls.filter((call) => call.startsWith('watchCanary'));
    expect(watches.slice(2, 5)).toEqual([
      'watchCanary 2026-01-01T00:56:00.000Z',
      'watchCanary 2026-01-01T01:16:00.000Z',
      'watchCanary 2026-01-01T01:36:00.000Z',
    ]);
    await engine.judge(id, 'deploy', { by: 'ann', reason: 'it passes by now' });
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('that is shown to do harm while a person is asked is undone without the answer', async () => {
    engine.aws.outcomes = ['fail'];
    engine.aws.heldWatches = 1;
    const id = await canary.start({ steps: [{ weightPercent: 10, pause: { approval: true } }] });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(canary.attempt(id).error).toMatchObject({
      code: 'CANARY_FAILED',
      details: { analysisId: 'approve:10:held:1' },
    });
    expect(canary.attempt(id).judgments).toMatchObject([{ given: null }]);
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('that is held for long is analysed 24 times, and then only watched', async () => {
    engine.aws.heldWatches = 24;
    const id = await canary.start({ steps: [{ weightPercent: 10, pause: { approval: true } }] });
    await canary.asks(id);
    await expect
      .poll(() => canary.attempt(id).waitingFor?.message)
      .toContain('(report approve:10:held:24); no further analysis is made');
    expect(canary.attempt(id).analyses).toHaveLength(24);
    await engine.judge(id, 'deploy');
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('that is held is undone once a person says stop', async () => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await canary.start();
    await canary.asks(id);
    await engine.judge(id, 'deploy', { decision: 'stop', by: 'ann', reason: 'not today' });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(canary.attempt(id).error).toMatchObject({ code: 'JUDGED_STOP' });
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('waits for a person where a step says so', async () => {
    const id = await canary.start({ steps: [{ weightPercent: 10, pause: { approval: true } }] });
    await canary.asks(id);
    expect(engine.aws.calls.some((call) => call.startsWith('analyseCanary'))).toBe(false);
    await engine.judge(id, 'deploy');
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('is watched while a person is asked: an alarm does not wait for the answer', async () => {
    engine.aws.fails('watchCanary', 'ALARM_RAISED');
    const id = await canary.start({ steps: [{ weightPercent: 10, pause: { approval: true } }] });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(canary.attempt(id).judgments).toMatchObject([{ judgmentId: 'approve:10', given: null }]);
    expect(canary.attempt(id).error?.code).toBe('ALARM_RAISED');
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('is undone by the deadline, also while it is held', async () => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await canary.start({}, 3);
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(canary.attempt(id).error).toMatchObject({ code: 'STAGE_TIMEOUT' });
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('goes on with its verdict after a handover while it is held', async () => {
    engine.historyEventsMax = 60;
    engine.aws.outcomes = ['inconclusive'];
    const id = await canary.start();
    await canary.asks(id);
    const made = () => engine.aws.calls.filter((call) => call.startsWith('analyseCanary')).length;
    expect(made()).toBe(1);
    await engine.judge(id, 'deploy');
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(made()).toBe(1);
  });
});
