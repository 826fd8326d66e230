import { planDeploy } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { blueGreenFacts, blueGroup, greenGroup, weights } from './blue-green-builder.js';
import { blue, forward, green, rule } from '../../weights/rules.js';
import { stepOf } from '../step-of.js';

type Changes = Parameters<typeof blueGreenFacts>[0];
const planOf = (changes: Changes = {}) => planDeploy(blueGreenFacts(changes));
const idsOf = (changes: Changes = {}) => planOf(changes).steps.map((step) => step.id);
const warm = { until: '2026-01-02T01:00:00.000Z', instancesMin: 2 };

describe('the old fleet after a blue/green', () => {
  it('stays pinned as large as it was, and says until when and what its minimum was', () => {
    const { steps, promise } = planOf({ strategy: { warmSeconds: 60 } });
    expect(stepOf(steps, 'keepWarm')).toMatchObject({
      arn: 'arn:web-prod-v000',
      warmSeconds: 60,
      instancesMin: 2,
    });
    expect(steps.at(-1)?.operation).toBe('keepWarm');
    expect(steps.map((step) => step.id)).not.toContain('unpin:web-prod-v000');
    expect(promise).toEqual({
      instancesServingMin: 3,
      succeeded: {
        serverGroups: [
          {
            serverGroup: 'web-prod-v000',
            state: 'enabled',
            capacity: { min: 3, desired: 3, max: 6 },
          },
          {
            serverGroup: 'web-prod-v001',
            state: 'enabled',
            capacity: { min: 2, desired: 3, max: 6 },
          },
        ],
      },
      undone: {
        serverGroups: [
          {
            serverGroup: 'web-prod-v000',
            state: 'enabled',
            capacity: { min: 2, desired: 3, max: 6 },
          },
          { serverGroup: 'web-prod-v001', state: 'gone', capacity: null },
        ],
      },
    });
  });

  it('is disabled on request, once no rule sends it anything', () => {
    const { steps, disables, promise } = planOf({ strategy: { warmSeconds: 0 } });
    expect(disables).toEqual(['web-prod-v000']);
    expect(stepOf(steps, 'disableServerGroup')).toMatchObject({
      weightless: [blue],
      guard: { serverGroup: 'web-prod-v001', coveringPercent: 100 },
    });
    const ids = steps.map((step) => step.id);
    expect(ids.indexOf('disable:web-prod-v000')).toBeGreaterThan(ids.indexOf('verify:weights'));
    expect(ids.indexOf('verify')).toBeGreaterThan(ids.indexOf('disable:web-prod-v000'));
    expect(ids.slice(-2)).toEqual(['unpin:web-prod-v001', 'unpin:web-prod-v000']);
    expect(promise?.succeeded.serverGroups[0]).toMatchObject({
      state: 'disabled',
      capacity: { min: 2, desired: 3, max: 6 },
    });
  });

  it('is waited for until no client sticks to it, where it is disabled at once', () => {
    const sticky = rule({
      actions: [forward({ stickiness: { enabled: true, durationSeconds: 120 } })],
    });
    const { steps } = planOf({
      strategy: { warmSeconds: 0 },
      weights: { rules: [sticky] },
    });
    expect(stepOf(steps, 'delay', 'delay:stuck').delaySeconds).toBe(120);
    expect(() =>
      planOf({
        strategy: { warmSeconds: 0 },
        stage: { timeoutSeconds: 120 },
        weights: { rules: [sticky] },
      }),
    ).toThrow(/take 120 s \(120 s of them until no client sticks to the old fleet\)/);
  });
});

describe('an earlier warm fleet', () => {
  const old = greenGroup('web-prod-v000', { capacity: { min: 3, desired: 3, max: 6 } });
  const now = blueGroup('web-prod-v001');
  const changes: Changes = {
    serverGroups: [old, now],
    facts: { serverGroup: 'web-prod-v002' },
    weights: { warm: { 'web-prod-v000': warm } },
  };

  it('is disabled first, without a guard but only while no rule sends it anything, and has its minimum back', () => {
    const { steps, disables, source, promise } = planOf(changes);
    expect(source?.serverGroup).toBe('web-prod-v001');
    expect(steps.map((step) => step.id).slice(0, 3)).toEqual([
      'disable:web-prod-v000',
      'unpin:web-prod-v000',
      'create',
    ]);
    expect(stepOf(steps, 'disableServerGroup')).toMatchObject({
      title: 'Disable web-prod-v000, which was kept warm',
      guard: null,
      weightless: [green],
    });
    expect(stepOf(steps, 'unpinServerGroup')).toMatchObject({
      arn: 'arn:web-prod-v000',
      pinnedMin: 3,
      recorded: { min: 2, desired: 3, max: 6 },
    });
    expect(disables).toEqual(['web-prod-v000']);
    expect(promise?.succeeded.serverGroups.slice(0, 2)).toMatchObject([
      { serverGroup: 'web-prod-v000', state: 'disabled', capacity: { min: 2 } },
      { serverGroup: 'web-prod-v001', state: 'enabled', capacity: { min: 3 } },
    ]);
  });

  it('is said to end, while it lasts and afterwards', () => {
    expect(planOf(changes).warnings.join(' ')).toContain(
      'This ends the warm time of web-prod-v000, which was to be kept until 2026-01-02T01:00:00.000Z',
    );
    const over = { ...warm, until: '2026-01-01T00:00:00.000Z' };
    expect(
      planOf({ ...changes, weights: { warm: { 'web-prod-v000': over } } }).warnings.join(' '),
    ).toContain('The warm time of web-prod-v000 was over');
    expect(planOf({ ...changes, weights: {} }).warnings.join(' ')).toContain(
      'web-prod-v000 is in service behind web-green without requests',
    );
  });

  it('keeps its minimum where nothing was recorded', () => {
    expect(idsOf({ ...changes, weights: {} })).not.toContain('unpin:web-prod-v000');
  });

  it('is left alone until no client of the last switch sticks to it', () => {
    const sticky = rule({
      actions: [
        forward({
          targetGroups: weights(100, 0),
          stickiness: { enabled: true, durationSeconds: 600 },
        }),
      ],
    });
    const recorded = {
      serverGroup: 'web-prod-v001',
      writtenAt: '2026-01-01T23:55:00.000Z',
      rules: {},
    };
    const { steps, warnings } = planOf({ ...changes, weights: { rules: [sticky], recorded } });
    expect(stepOf(steps, 'delay', 'delay:sticky').delaySeconds).toBe(300);
    expect(warnings.join(' ')).toContain('may still stick to web-prod-v000 for 300 s');
  });
});
