import {
  weightsOf,
  type DeployPlan,
  type ListenerRule,
  type PlanStepOf,
  type PlanStepOperation,
} from '@gennaker/domain';
import { describe, expect, test } from 'vitest';

import { baselineTg, canaryTg, plan } from './canary-builder.js';
import { cluster, group, serving } from '../plan-builder.js';
import { blue, forward, rule } from '../../weights/rules.js';

function steps<Operation extends PlanStepOperation>(
  { steps: all }: DeployPlan,
  operation: Operation,
): readonly PlanStepOf<Operation>[] {
  return all.filter((one): one is PlanStepOf<Operation> => one.operation === operation);
}

/** `name weight` of what a step writes. */
function written(one: PlanStepOf<'setRuleWeights'> | undefined): readonly string[] {
  return (one?.change.weights ?? []).map(({ targetGroupArn, weight }) => {
    const name = /targetgroup\/([^/]+)\//.exec(targetGroupArn)?.[1];
    return `${name} ${weight}`;
  });
}

describe('the plan of a canary', () => {
  test('judges a canary beside a fresh baseline, removes both, and goes on as a red/black', () => {
    expect(plan().steps.map(({ id }) => id)).toEqual([
      'targetGroup:canary',
      'targetGroup:baseline',
      'attach',
      'create:canary',
      'create:baseline',
      'resize:canary',
      'resize:baseline',
      'healthy:canary',
      'healthy:baseline',
      'pin:web-prod-v000',
      'weights:10',
      'since:10',
      'watch:10',
      'analyse:10',
      'weights:30',
      'since:30',
      'watch:30',
      'analyse:30',
      'giveBack',
      'create',
      'resize',
      'healthy',
      'match',
      'disable:web-prod-v000',
      'verify',
      'unpin:web-prod-v001',
      'unpin:web-prod-v000',
    ]);
  });

  test('gives canary and baseline equal shares, and lets what else the rule names have none', () => {
    const [attach, first, second] = steps(plan(), 'setRuleWeights');
    expect(written(attach)).toEqual([
      'web-blue 100',
      'web-green 0',
      'web-prod-v001-canary 0',
      'web-prod-v001-base 0',
    ]);
    expect(written(first)).toEqual([
      'web-green 0',
      'web-blue 80',
      'web-prod-v001-base 10',
      'web-prod-v001-canary 10',
    ]);
    expect(written(second)?.slice(1)).toEqual([
      'web-blue 40',
      'web-prod-v001-base 30',
      'web-prod-v001-canary 30',
    ]);
    expect(second?.change.expected).toEqual([first?.change.weights]);
    expect(first?.change.expected).toEqual([attach?.change.weights]);
  });

  test('compares with the running fleet where that is wanted', () => {
    const planned = plan({ strategy: { baseline: 'running' } });
    expect(planned.steps.map(({ id }) => id)).not.toContain('create:baseline');
    const [judging] = steps(planned, 'analyseCanary');
    expect(judging?.arms).toEqual([
      { role: 'control', name: 'web-prod-v000', targetGroupArn: blue, plannedWeight: 90 },
      {
        role: 'experiment',
        name: 'web-prod-v001-canary',
        targetGroupArn: canaryTg,
        plannedWeight: 10,
      },
    ]);
  });

  test('gives everything back from any of its shares, guarded by the fleet that had it', () => {
    const [attach, first, second] = steps(plan(), 'setRuleWeights');
    expect(attach?.undo?.change.weights).toEqual(weightsOf(rule()));
    expect(first?.undo?.change).toMatchObject({
      weights: attach?.change.weights,
      expected: [first?.change.weights, second?.change.weights],
    });
    expect(first?.undo?.guards).toEqual([
      {
        targetGroupArn: blue,
        serverGroup: 'web-prod-v000',
        instancesHealthyMin: 3,
        relieves: 'web-prod-v001-canary',
      },
    ]);
    expect(second?.undo).toBeNull();
    expect(first?.guards.map(({ serverGroup }) => serverGroup)).toEqual([
      'web-prod-v001-canary',
      'web-prod-v001-baseline',
    ]);
    const [back] = steps(plan(), 'undoEarly');
    expect(back?.entryIds).toEqual([
      'weights:10',
      'create:canary',
      'create:baseline',
      'attach',
      'targetGroup:canary',
      'targetGroup:baseline',
    ]);
  });

  test('makes both fleets as large as the largest share of what runs, of the two versions', () => {
    const source = group('web-prod-v000', {
      capacity: { min: 40, desired: 40, max: 40 },
      instances: serving(41),
      targetGroupArns: [blue],
    });
    const planned = plan({ facts: { cluster: cluster(source) } });
    const made = steps(planned, 'createServerGroup').map(({ temporary }) => temporary);
    expect(made.map((one) => one?.capacity.desired)).toEqual([13, 13, undefined]);
    expect(made.map((one) => one?.imageId)).toEqual(['ami-2', 'ami-1', undefined]);
    expect(made.map((one) => one?.targetGroupArns)).toEqual([[canaryTg], [baselineTg], undefined]);
    expect(made[0]?.expiresAt).toBe('2026-01-02T05:00:00.000Z');
    expect(
      steps(plan({ strategy: { instances: 7 } }), 'createServerGroup')[0]?.temporary,
    ).toMatchObject({
      capacity: { min: 7, desired: 7, max: 7 },
    });
  });

  test('promises what a red/black does, and that nothing temporary is left either way', () => {
    const { promise } = plan();
    const gone = ['web-prod-v001-canary', 'web-prod-v001-baseline'].map((serverGroup) => ({
      serverGroup,
      state: 'gone',
      capacity: null,
    }));
    expect(promise?.instancesServingMin).toBe(3);
    expect(promise?.succeeded.serverGroups).toEqual(expect.arrayContaining(gone));
    expect(promise?.undone.serverGroups).toEqual(expect.arrayContaining(gone));
  });

  test('goes on to be analysed while a person is asked, as often as in the background or each quarter', () => {
    const approval = [{ weightPercent: 5, pause: { approval: true, minutes: 60 } }] as const;
    const held = (analysis?: { readonly everyMinutes: number }) =>
      plan({ strategy: { steps: approval, ...(analysis && { analysis }) } }).steps.flatMap((step) =>
        'held' in step ? [step.held] : [],
      );
    const quarter = { everyMinutes: 15, analysesMax: 24 };
    expect(held()).toEqual([quarter, quarter]);
    expect(held({ everyMinutes: 20 })[0]).toEqual({ ...quarter, everyMinutes: 20 });
  });

  test('asks a person where the step says so, with an analysis only after a stated time', () => {
    const alone = plan({
      strategy: { steps: [{ weightPercent: 5, pause: { approval: true } }] },
      canary: { expectations: [{ enough: null, reason: 'a person decides' }] },
    });
    const ids = alone.steps.map(({ id }) => id);
    expect(ids).toContain('approve:5');
    expect(ids).not.toContain('analyse:5');
    const both = plan({
      strategy: { steps: [{ weightPercent: 5, pause: { approval: true, minutes: 60 } }] },
    });
    expect(both.steps.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['watch:5', 'analyse:5', 'approve:5']),
    );
  });

  test('changes every rule that forwards to the source, each with its own undo', () => {
    const other: ListenerRule = rule({ arn: `${rule().arn}9`, priority: '20' });
    const planned = plan({ canary: { rules: [rule(), other] } });
    expect(steps(planned, 'setRuleWeights').map(({ id }) => id)).toEqual([
      'attach:1',
      'attach:2',
      'weights:10:1',
      'weights:10:2',
      'weights:30:1',
      'weights:30:2',
    ]);
    expect(steps(planned, 'undoEarly')[0]?.entryIds.slice(0, 2)).toEqual([
      'weights:10:1',
      'weights:10:2',
    ]);
  });

  test('says what each step can show, and that clients may stick', () => {
    const sticky = rule({
      actions: [forward({ stickiness: { enabled: true, durationSeconds: 60 } })],
    });
    expect(plan({ canary: { rules: [sticky] } }).warnings).toEqual([
      'Step 10 %: about 300 requests.',
      'Step 30 %: about 300 requests.',
      expect.stringMatching(/^Clients of the rule .* stay with their target group/),
    ]);
  });
});
