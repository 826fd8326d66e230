import {
  planDeploy,
  type DeployStage,
  type RedBlackStrategy,
  type RollingRedBlackStrategy,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, facts, group, stage } from '../plan-builder.js';

type Strategy = Omit<RedBlackStrategy, 'type'>;

function redBlack(strategy: Strategy): DeployStage {
  return { ...stage, strategy: { type: 'redBlack', ...strategy } };
}

const disabled = (name: string) => group(name, { enabled: false });
const owner = { executionId: '01K0000000000000000000000A', stage: 'deploy' };

/** Two that were replaced before, and the one that serves. */
const grown = cluster(
  { ...disabled('web-prod-v000'), owner },
  disabled('web-prod-v001'),
  group('web-prod-v002'),
);

function planned(strategy: Strategy, view = grown) {
  return planDeploy(
    facts({ stage: redBlack(strategy), cluster: view, serverGroup: 'web-prod-v003' }),
  );
}

const guard = { serverGroup: 'web-prod-v003', instancesHealthyMin: 3 };

describe('scaling down after the switch', () => {
  it('comes last, after its delay, and keeps the maximum', () => {
    const plan = planned({ scaleDown: true, delayBeforeScaleDownSeconds: 300 });
    expect(plan.steps.slice(-3)).toMatchObject([
      { id: 'unpin:web-prod-v002' },
      { id: 'delay:scaleDown', operation: 'delay', delaySeconds: 300, teardown: true },
      {
        id: 'scaleDown:web-prod-v002',
        operation: 'scaleDownServerGroup',
        title: 'Scale web-prod-v002 down to 0/0/6',
        arn: 'arn:web-prod-v002',
        capacity: { min: 0, desired: 0, max: 6 },
        guard,
        teardown: true,
      },
    ]);
    expect(plan.promise?.succeeded.serverGroups).toContainEqual({
      serverGroup: 'web-prod-v002',
      state: 'disabled',
      capacity: { min: 0, desired: 0, max: 6 },
    });
    expect(plan.promise?.undone.serverGroups).toContainEqual({
      serverGroup: 'web-prod-v002',
      state: 'enabled',
      capacity: { min: 2, desired: 3, max: 6 },
    });
  });

  it('leaves what was disabled before as it is, and nothing to do where nothing serves', () => {
    const plan = planned({ scaleDown: true }, cluster(disabled('web-prod-v000')));
    expect(plan.steps.some((step) => step.teardown === true)).toBe(false);
  });

  it('is what a rolling red/black does too', () => {
    const strategy: RollingRedBlackStrategy = { type: 'rollingRedBlack', scaleDown: true };
    const plan = planDeploy(facts({ stage: { ...stage, strategy } }));
    expect(plan.steps.at(-1)).toMatchObject({ id: 'scaleDown:web-prod-v000', teardown: true });
    expect(plan.promise?.succeeded.serverGroups[0]?.capacity?.desired).toBe(0);
  });
});

describe('shrinking the cluster', () => {
  it('destroys the oldest surplus groups last, and names them beforehand', () => {
    const plan = planned({ maxRemainingServerGroups: 3 });
    expect(plan.destroys).toEqual(['web-prod-v000']);
    expect(plan.steps.at(-1)).toMatchObject({
      id: 'destroy:web-prod-v000',
      operation: 'destroyServerGroup',
      title: 'Destroy web-prod-v000 (cannot be undone)',
      arn: 'arn:web-prod-v000',
      owner,
      guard,
      teardown: true,
    });
    const of = { serverGroup: 'web-prod-v000', capacity: { min: 2, desired: 3, max: 6 } };
    expect(plan.promise?.succeeded.serverGroups[0]).toEqual({
      serverGroup: 'web-prod-v000',
      state: 'gone',
      capacity: null,
    });
    expect(plan.promise?.undone.serverGroups[0]).toEqual({
      ...of,
      state: 'disabled',
      mayBeGone: true,
    });
  });

  it('keeps the source and the new group, however few are to remain', () => {
    const plan = planned({ maxRemainingServerGroups: 2 });
    expect(plan.destroys).toEqual(['web-prod-v000', 'web-prod-v001']);
    const noneServes = cluster(disabled('web-prod-v000'), disabled('web-prod-v001'));
    expect(planned({ maxRemainingServerGroups: 2 }, noneServes).destroys).toEqual([
      'web-prod-v000',
    ]);
  });

  it('destroys none that is enabled when the deploy begins, and says what remains', () => {
    const both = cluster(group('web-prod-v000'), group('web-prod-v001'));
    const plan = planned({ maxRemainingServerGroups: 2 }, both);
    expect(plan.destroys).toBeUndefined();
    expect(plan.warnings.join()).toContain('3 server groups remain instead of 2');
  });

  it('does so before the switch on request, which then may fail the deploy, and warns', () => {
    const plan = planned({ maxRemainingServerGroups: 3, shrinkBefore: true });
    const ids = plan.steps.map((step) => step.id);
    expect(ids.indexOf('destroy:web-prod-v000')).toBe(ids.indexOf('healthy') + 1);
    expect(plan.steps.find((step) => step.id === 'destroy:web-prod-v000')?.teardown).toBe(
      undefined,
    );
    expect(plan.warnings.join()).toContain('gone even if the deploy fails afterwards');
  });

  it('says nothing of it where nothing is asked for, or nothing is surplus', () => {
    for (const plan of [planned({}), planned({ maxRemainingServerGroups: 4 })]) {
      expect(plan.destroys).toBeUndefined();
      expect(plan.steps.some((step) => step.operation === 'destroyServerGroup')).toBe(false);
      expect(plan.warnings).toEqual([]);
    }
  });
});
