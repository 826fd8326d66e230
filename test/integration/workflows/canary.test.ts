import { describe, expect, test } from 'vitest';

import { eachTestWithCanaries, type CanaryDeploys } from '../../support/engine/canary-deploys.js';
import type { EngineHarness } from '../../support/engine/engine-harness.js';

let engine: EngineHarness;
let canary: CanaryDeploys;
eachTestWithCanaries((given) => ({ engine, canary } = given));

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
    const id = await canary.start({ baseline: 'running' });
    expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
    const calls = callsFrom('analyseCanary');
    expect(calls.slice(1, 1 + givingBack.length + 2)).toEqual([
      ...givingBack,
      'setRuleWeights',
      'deleteTargetGroup',
    ]);
    expect(calls).toContain('createServerGroup');
    const { analyses, undo } = canary.attempt(id);
    expect(analyses).toMatchObject([{ analysisId: 'analyse:10', outcome: 'pass' }]);
    const done = undo.filter(({ status }) => status === 'done').map(({ entry }) => entry.id);
    expect(done).toEqual(['targetGroup:canary', 'attach', 'create:canary', 'weights:10']);
  });

  test('writes the ARNs of the target groups that it has made, and keeps no report', async () => {
    const id = await canary.start();
    await engine.result(id);
    const event = engine.records
      .events(id)
      .find(({ event: one }) => one.kind === 'analysis.finished')?.event;
    expect(event).toMatchObject({ report: { reason: 'the script says pass' } });
    const state = JSON.stringify(canary.attempt(id));
    expect(state).not.toContain('"report"');
    const undone = canary.attempt(id).undo.map(({ entry }) => JSON.stringify(entry));
    expect(undone.join()).not.toContain('made:targetgroup');
  });

  test.each(['pass', 'fail'] as const)(
    'that ends with %s is removed at the same time as its fresh baseline',
    async (outcome) => {
      engine.aws.outcomes = [outcome];
      const release = engine.aws.holdsOnce('awaitServerGroupDrained');
      const id = await canary.start();
      await expect.poll(() => canary.attempt(id).waitingFor?.message).toMatch(stillAtOne);
      const drained = engine.aws.calls.filter((call) => call.startsWith('awaitServerGroupDrained'));
      expect(drained).toHaveLength(1);
      const removed = engine.aws.calls.filter((call) => call.startsWith('deleteLaunchTemplate'));
      expect(removed).toHaveLength(1);
      release();
      const status = outcome === 'pass' ? 'SUCCEEDED' : 'TERMINAL';
      expect(await engine.result(id)).toMatchObject({ status });
      const temporary = canary
        .attempt(id)
        .undo.filter(({ entry }) => entry.id.startsWith('create:'));
      expect(temporary).toMatchObject([{ status: 'done' }, { status: 'done' }]);
    },
  );

  test('of which one fleet cannot be removed leaves the other to its end, and the undo removes it', async () => {
    engine.aws.failsOnce('deleteServerGroup', 'AWS_DENIED');
    const id = await canary.start();
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    const { error, undo } = canary.attempt(id);
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
    const id = await canary.start({ baseline: 'running' });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    const { error, undo } = canary.attempt(id);
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
    const id = await canary.start({ analysis: { everyMinutes: 20 } });
    await engine.result(id);
    const { analyses, error } = canary.attempt(id);
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
    const id = await canary.start();
    await engine.result(id);
    const kept = engine.aws.calls.filter((call) => call.startsWith('readFailureEvidence'));
    expect(kept).toEqual([expect.stringMatching(/-canary$/)]);
  });

  test('that nobody can judge is undone where the stage wants that', async () => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await canary.start({ onInconclusive: 'rollback' });
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(canary.attempt(id).error).toMatchObject({ code: 'CANARY_INCONCLUSIVE' });
  });

  test('that has not had its requests in time is in doubt, whatever the analysis says', async () => {
    const id = await canary.start({
      steps: [{ weightPercent: 10, pause: { requests: 5000, minutesMax: 90 } }],
      onInconclusive: 'rollback',
    });
    await engine.result(id);
    expect(canary.attempt(id).error?.code).toBe('CANARY_INCONCLUSIVE');
    expect(canary.attempt(id).error?.message).toContain(
      'it had only 7 requests that count by the end of its time',
    );
  });

  test('is undone by a cancel while it is watched', async () => {
    const watching = engine.aws.waits('watchCanary');
    const id = await canary.start();
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
});
