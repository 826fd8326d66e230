import type { AnalysisOutcome, AttemptState, CanaryStrategy } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { deployStage } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
  engine.aws.outcomes = ['pass'];
  engine.aws.heldWatches = 0;
  engine.historyEventsMax = undefined;
});

const step = { weightPercent: 10, pause: { minutes: 55 } };

function start(strategy: Partial<CanaryStrategy> = {}, timeoutSeconds = 60): Promise<string> {
  const canary: CanaryStrategy = { type: 'canary', steps: [step], ...strategy };
  return engine.execute([deployStage({ strategy: canary, timeoutSeconds })]);
}

function attemptOf(id: string): AttemptState {
  const attempt = engine.records.state(id).stages[0]?.attempts.at(-1);
  if (attempt === undefined) throw new Error('the stage has not started');
  return attempt;
}

async function asks(id: string): Promise<void> {
  await expect.poll(() => attemptOf(id).waitingFor?.reason).toBe('judgment');
}

/** What was called from the weights on, by the activity alone. */
function callsFrom(activity: string): readonly string[] {
  const all = engine.aws.calls.map((call) => call.split(' ')[0] ?? '');
  return all.slice(all.indexOf(activity));
}

/** What is said while one of the two fleets is gone and the other is not. */
const stillAtOne = /^still at: Destroy web-prod-v\d+-(canary|baseline)$/;

/** What takes the canary away again, in its order. */
const givingBack = [
  'setRuleWeights',
  'captureServerGroup',
  'disableServerGroup',
  'awaitServerGroupDrained',
  'deleteServerGroup',
  'awaitServerGroupGone',
  'deleteLaunchTemplate',
];

describe('a canary', () => {
  test('that passes is removed by its own undo, and then the deploy goes on', async () => {
    const id = await start({ baseline: 'running' });
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
    const calls = callsFrom('analyseCanary');
    expect(calls.slice(1, 1 + givingBack.length + 2)).toEqual([
      ...givingBack,
      'setRuleWeights',
      'deleteTargetGroup',
    ]);
    expect(calls).toContain('createServerGroup');
    const { analyses, undo } = attemptOf(id);
    expect(analyses).toMatchObject([{ analysisId: 'analyse:10', outcome: 'pass' }]);
    const done = undo.filter(({ status }) => status === 'done').map(({ entry }) => entry.id);
    expect(done).toEqual(['targetGroup:canary', 'attach', 'create:canary', 'weights:10']);
  });

  test('writes the ARNs of the target groups that it has made, and keeps no report', async () => {
    const id = await start();
    await engine.result(id);
    const event = engine.records
      .events(id)
      .find(({ event: one }) => one.kind === 'analysis.finished')?.event;
    expect(event).toMatchObject({ report: { reason: 'the script says pass' } });
    const state = JSON.stringify(attemptOf(id));
    expect(state).not.toContain('"report"');
    const undone = attemptOf(id).undo.map(({ entry }) => JSON.stringify(entry));
    expect(undone.join()).not.toContain('made:targetgroup');
  });

  test.each(['pass', 'fail'] as const)(
    'that ends with %s is removed at the same time as its fresh baseline',
    async (outcome) => {
      engine.aws.outcomes = [outcome];
      const release = engine.aws.holdsOnce('awaitServerGroupDrained');
      const id = await start();
      await expect.poll(() => attemptOf(id).waitingFor?.message).toMatch(stillAtOne);
      const drained = engine.aws.calls.filter((call) => call.startsWith('awaitServerGroupDrained'));
      expect(drained).toHaveLength(1);
      const removed = engine.aws.calls.filter((call) => call.startsWith('deleteLaunchTemplate'));
      expect(removed).toHaveLength(1);
      release();
      const status = outcome === 'pass' ? 'SUCCEEDED' : 'TERMINAL';
      expect(await engine.result(id)).toMatchObject({ status });
      const temporary = attemptOf(id).undo.filter(({ entry }) => entry.id.startsWith('create:'));
      expect(temporary).toMatchObject([{ status: 'done' }, { status: 'done' }]);
    },
  );

  test('of which one fleet cannot be removed leaves the other to its end, and the undo removes it', async () => {
    engine.aws.failsOnce('deleteServerGroup', 'AWS_DENIED');
    const id = await start();
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    const { error, undo } = attemptOf(id);
    expect(error).toMatchObject({ code: 'AWS_DENIED' });
    expect(undo.map(({ status }) => status)).toEqual(undo.map(() => 'done'));
    const events = engine.records.events(id).map(({ event }) => event);
    const undoing = events.findIndex(({ kind }) => kind === 'undo.started');
    const early = events
      .slice(0, undoing)
      .filter((event) => event.kind === 'undo.entryFinished')
      .map(({ entryId }) => entryId);
    expect(early.filter((entryId) => entryId.startsWith('create:'))).toHaveLength(1);
  });

  test('that fails is undone, and nothing of the new fleet was made', async () => {
    engine.aws.outcomes = ['fail'];
    const id = await start({ baseline: 'running' });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    const { error, undo } = attemptOf(id);
    expect(error).toMatchObject({
      code: 'CANARY_FAILED',
      message: 'the canary does harm: the script says fail',
      details: { analysisId: 'analyse:10' },
    });
    expect(undo.map(({ status }) => status)).toEqual(undo.map(() => 'done'));
    const made = engine.aws.calls.filter((call) => call.startsWith('createServerGroup'));
    expect(made).toEqual([expect.stringMatching(/-canary$/)]);
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('that fails in the background is undone before its time is over', async () => {
    engine.aws.outcomes = ['inconclusive', 'fail'];
    const id = await start({ analysis: { everyMinutes: 20 } });
    await engine.result(id);
    const { analyses, error } = attemptOf(id);
    expect(analyses?.map(({ analysisId }) => analysisId)).toEqual(['watch:10:1', 'watch:10:2']);
    expect(error?.code).toBe('CANARY_FAILED');
    // From the first whole minute on: 20 and 40 minutes, never to the end of the 55.
    expect(engine.aws.calls.filter((call) => call.startsWith('watchCanary'))).toEqual([
      'watchCanary 2026-01-01T00:21:00.000Z',
      'watchCanary 2026-01-01T00:41:00.000Z',
    ]);
  });

  test('that fails beside a fresh baseline is what the evidence is kept of', async () => {
    engine.aws.outcomes = ['fail'];
    const id = await start();
    await engine.result(id);
    const kept = engine.aws.calls.filter((call) => call.startsWith('readFailureEvidence'));
    expect(kept).toEqual([expect.stringMatching(/-canary$/)]);
  });

  test('that nobody can judge is held, and goes on once a person says so and why', async () => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await start();
    await asks(id);
    const [question] = attemptOf(id).judgments ?? [];
    expect(question?.judgmentId).toBe('hold:analyse:10');
    expect(question?.instructions).toContain(
      'the canary is held, since the script says inconclusive',
    );
    await engine.judge(id, 'deploy', { by: 'ann', reason: 'known noise' });
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
    const judged = attemptOf(id).steps.find(({ stepId }) => stepId === 'analyse:10');
    expect(judged?.outputs).toMatchObject({
      outcome: 'inconclusive',
      continuedBy: 'ann',
      reason: 'known noise',
    });
  });

  test('that is held is analysed again, and the newest stands beside the question', async () => {
    engine.aws.outcomes = [...Array<AnalysisOutcome>(4).fill('inconclusive'), 'pass'];
    engine.aws.heldWatches = 2;
    const id = await start({ analysis: { everyMinutes: 20 } });
    await asks(id);
    await expect
      .poll(() => attemptOf(id).waitingFor?.message)
      .toContain('says pass: the script says pass (report analyse:10:held:2)');
    const { judgments, waitingFor, analyses } = attemptOf(id);
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
    const id = await start({ steps: [{ weightPercent: 10, pause: { approval: true } }] });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(attemptOf(id).error).toMatchObject({
      code: 'CANARY_FAILED',
      details: { analysisId: 'approve:10:held:1' },
    });
    expect(attemptOf(id).judgments).toMatchObject([{ given: null }]);
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('that is held for long is analysed 24 times, and then only watched', async () => {
    engine.aws.heldWatches = 24;
    const id = await start({ steps: [{ weightPercent: 10, pause: { approval: true } }] });
    await asks(id);
    await expect
      .poll(() => attemptOf(id).waitingFor?.message)
      .toContain('(report approve:10:held:24); no further analysis is made');
    expect(attemptOf(id).analyses).toHaveLength(24);
    await engine.judge(id, 'deploy');
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('that is held is undone once a person says stop', async () => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await start();
    await asks(id);
    await engine.judge(id, 'deploy', { decision: 'stop', by: 'ann', reason: 'not today' });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(attemptOf(id).error).toMatchObject({ code: 'JUDGED_STOP' });
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('that nobody can judge is undone where the stage wants that', async () => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await start({ onInconclusive: 'rollback' });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(attemptOf(id).error).toMatchObject({ code: 'CANARY_INCONCLUSIVE' });
  });

  test('that has not had its requests in time is in doubt, whatever the analysis says', async () => {
    const id = await start({
      steps: [{ weightPercent: 10, pause: { requests: 5000, minutesMax: 90 } }],
      onInconclusive: 'rollback',
    });
    await engine.result(id);
    expect(attemptOf(id).error?.code).toBe('CANARY_INCONCLUSIVE');
    expect(attemptOf(id).error?.message).toContain(
      'it had only 7 requests that count by the end of its time',
    );
  });

  test('waits for a person where a step says so', async () => {
    const id = await start({ steps: [{ weightPercent: 10, pause: { approval: true } }] });
    await asks(id);
    expect(engine.aws.calls.some((call) => call.startsWith('analyseCanary'))).toBe(false);
    await engine.judge(id, 'deploy');
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('is watched while a person is asked: an alarm does not wait for the answer', async () => {
    engine.aws.fails('watchCanary', 'ALARM_RAISED');
    const id = await start({ steps: [{ weightPercent: 10, pause: { approval: true } }] });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(attemptOf(id).judgments).toMatchObject([{ judgmentId: 'approve:10', given: null }]);
    expect(attemptOf(id).error?.code).toBe('ALARM_RAISED');
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('is undone by the deadline, also while it is held', async () => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await start({}, 3);
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(attemptOf(id).error).toMatchObject({ code: 'STAGE_TIMEOUT' });
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('is undone by a cancel while it is watched', async () => {
    const watching = engine.aws.waits('watchCanary');
    const id = await start();
    await watching;
    const { steps } = await engine.cancel(id, 'rollback');
    expect(steps.slice(0, 3)).toEqual([
      'Give the requests of the default action of web/2 back to web-prod-v000',
      expect.stringMatching(/^Destroy web-prod-v\d+-baseline$/),
      expect.stringMatching(/^Destroy web-prod-v\d+-canary$/),
    ]);
    expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
    expect(engine.aws.calls.at(-1)).toMatch(/^deleteTargetGroup/);
  });

  test('goes on with its verdict after a handover while it is held', async () => {
    engine.historyEventsMax = 60;
    engine.aws.outcomes = ['inconclusive'];
    const id = await start();
    await asks(id);
    const made = () => engine.aws.calls.filter((call) => call.startsWith('analyseCanary')).length;
    expect(made()).toBe(1);
    await engine.judge(id, 'deploy');
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(made()).toBe(1);
  });
});
