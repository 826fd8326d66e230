import {
  planRollback,
  rollbackTarget,
  type DeployPlan,
  type RecordedState,
  type RollbackClusterStage,
  type ServerGroupView,
  type WeightFacts,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import {
  blueGroup,
  greenGroup,
  ruleAt,
  weightFacts,
  weights,
} from '../blue-green/blue-green-builder.js';
import { cluster, serving, settings } from '../plan-builder.js';
import { held, recordedState, stage, thrownBy } from './rollback-builder.js';
import { blue, forward, green, rule, ruleArn } from '../../weights/rules.js';
import { stepOf } from '../step-of.js';

const healthyIn = (targetGroupArn: string, count: number): ServerGroupView['instances'] =>
  serving(count).map((one) => ({ ...one, targetHealth: [{ targetGroupArn, state: 'healthy' }] }));

/** In service behind blue without requests, pinned. */
const warmGroup = blueGroup('web-prod-v000', {
  instances: healthyIn(blue, 3),
  capacity: { min: 3, desired: 3, max: 6 },
});
const bad = greenGroup('web-prod-v001', { instances: healthyIn(green, 3) });
const isWarm = { 'web-prod-v000': { until: '2026-01-02T01:00:00.000Z', instancesMin: 2 } };

interface Changes {
  readonly groups?: readonly ServerGroupView[];
  readonly weights?: Partial<WeightFacts>;
  readonly stage?: Partial<RollbackClusterStage>;
  readonly recorded?: RecordedState;
}

function planned(changes: Changes = {}): DeployPlan {
  const view = cluster(...(changes.groups ?? [warmGroup, bad]));
  const asked: RollbackClusterStage = { ...stage, ruleArns: [ruleArn], ...changes.stage };
  const pair = rollbackTarget(asked, view, null);
  return planRollback(
    {
      stage: asked,
      cluster: view,
      serverGroup: pair.target.name,
      settings: { ...settings, targetGroupArns: pair.target.targetGroupArns },
      imageId: 'ami-0',
      recorded: changes.recorded ?? null,
      unusedTargetGroupArns: [],
      weights: weightFacts({ rules: [ruleAt(0, 100)], warm: isWarm, ...changes.weights }),
    },
    pair,
  );
}

describe('a rollback by weights, while the old fleet is warm', () => {
  it('switches once the target is as large and healthy as what serves, all at once', () => {
    expect(planned().steps.map((step) => step.id)).toEqual([
      'pin:web-prod-v001',
      'enable',
      'match',
      'weights:100',
      'verify:weights',
      'disable:web-prod-v001',
      'verify',
      'unpin:web-prod-v000',
      'unpin:web-prod-v001',
      'record',
    ]);
    const { steps, weights: shown, disables } = planned();
    expect(disables).toEqual(['web-prod-v001']);
    expect(stepOf(steps, 'enableServerGroup')).toMatchObject({
      title: 'Keep web-prod-v000 in service at 3/3/6',
      weightless: [blue],
    });
    expect(stepOf(steps, 'setRuleWeights')).toMatchObject({
      change: {
        weights: [
          { targetGroupArn: green, weight: 0 },
          { targetGroupArn: blue, weight: 100 },
        ],
      },
      guards: [{ targetGroupArn: blue, serverGroup: 'web-prod-v000', coveringPercent: 100 }],
      undo: {
        change: { weights: weights(0, 100).toReversed() },
        guards: [{ targetGroupArn: green, serverGroup: 'web-prod-v001' }],
      },
    });
    expect(stepOf(steps, 'disableServerGroup').weightless).toEqual([green]);
    expect(stepOf(steps, 'recordWeights').arn).toBe('arn:web-prod-v000');
    expect(shown).toMatchObject({
      from: green,
      to: blue,
      rules: [{ before: 'web-blue 0, web-green 100', after: 'web-blue 100, web-green 0' }],
    });
  });

  it('grows the target to what serves, and gives it the minimum that it had before it was warm', () => {
    const grown = greenGroup('web-prod-v001', {
      instances: healthyIn(green, 5),
      capacity: { min: 2, desired: 5, max: 6 },
    });
    const { steps, target } = planned({ groups: [warmGroup, grown] });
    expect(target.capacity).toEqual({ min: 2, desired: 5, max: 6 });
    expect(stepOf(steps, 'enableServerGroup').capacity).toEqual({ min: 5, desired: 5, max: 6 });
    expect(stepOf(steps, 'unpinServerGroup', 'unpin:web-prod-v000')).toMatchObject({
      recorded: { min: 2 },
      pinnedMin: 5,
    });
  });

  it('promises what served, and the state of both groups either way', () => {
    expect(planned().promise).toEqual({
      instancesServingMin: 3,
      succeeded: {
        serverGroups: [
          {
            serverGroup: 'web-prod-v000',
            state: 'enabled',
            capacity: { min: 2, desired: 3, max: 6 },
          },
          {
            serverGroup: 'web-prod-v001',
            state: 'disabled',
            capacity: { min: 2, desired: 3, max: 6 },
          },
        ],
      },
      undone: {
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
    });
  });

  it('leaves in service what clients stick to, and says so', () => {
    const sticky = rule({
      actions: [
        forward({
          targetGroups: weights(0, 100),
          stickiness: { enabled: true, durationSeconds: 600 },
        }),
      ],
    });
    const { steps, disables, warnings, promise } = planned({ weights: { rules: [sticky] } });
    expect(disables).toEqual([]);
    expect(stepOf(steps, 'keepWarm')).toMatchObject({ warmSeconds: 600, instancesMin: 2 });
    expect(warnings.join(' ')).toContain('Clients stay with web-prod-v001 for up to 600 s');
    expect(promise?.succeeded.serverGroups[1]).toMatchObject({
      state: 'enabled',
      capacity: { min: 3 },
    });
  });
});

describe('a rollback by weights', () => {
  it('enables a target whose warm time was ended, behind its own target group first', () => {
    const off = blueGroup('web-prod-v000', { enabled: false, suspendedProcesses: held });
    const { steps } = planned({ groups: [off, bad], weights: { warm: {} } });
    const ids = steps.map((step) => step.id);
    expect(stepOf(steps, 'enableServerGroup').title).toBe('Enable web-prod-v000 at 3/3/6');
    expect(ids.indexOf('enable')).toBeLessThan(ids.indexOf('weights:100'));
  });

  it('gives a target that was taken out after its warm time the minimum from before it was pinned', () => {
    const off = blueGroup('web-prod-v000', { enabled: false, suspendedProcesses: held });
    const recorded = recordedState({ min: 3, desired: 3, max: 6 });
    expect(planned({ groups: [off, bad], recorded }).target.capacity.min).toBe(2);
    const own = recordedState({ min: 1, desired: 3, max: 6 });
    expect(planned({ groups: [off, bad], recorded: own }).target.capacity.min).toBe(1);
  });

  it('puts a target group that somebody took out of the rule into it again', () => {
    const only = rule({
      actions: [forward({ targetGroups: [{ targetGroupArn: green, weight: 1 }] })],
    });
    expect(planned({ weights: { rules: [only] } }).steps[0]?.id).toBe('colour');
  });

  it('is refused where the rules send their requests to the target already', () => {
    const refusal = thrownBy(() => planned({ weights: { rules: [ruleAt(100, 0)] } }));
    expect(refusal).toMatchObject({ code: 'PRECONDITION_FAILED' });
  });

  it('writes over weights of somebody else only where it is told so', () => {
    const rules = [ruleAt(10, 90)];
    expect(thrownBy(() => planned({ weights: { rules } }))).toMatchObject({
      code: 'CHANGED_BY_SOMEONE_ELSE',
    });
    const acceptWeights = ['web-green 90, web-blue 10', 'web-blue 10, web-green 90'];
    const { steps } = planned({ weights: { rules }, stage: { acceptWeights } });
    expect(steps[0]).toMatchObject({ id: 'colour', undo: null });
  });

  it('moves registration where both are behind one target group', () => {
    const sibling = blueGroup('web-prod-v001', { instances: healthyIn(blue, 3) });
    const off = blueGroup('web-prod-v000', { enabled: false, suspendedProcesses: held });
    const plan = planned({ groups: [off, sibling], weights: { targetGroups: [] } });
    expect(plan.weights).toBeUndefined();
    expect(plan.steps.map((step) => step.operation)).not.toContain('setRuleWeights');
  });
});
