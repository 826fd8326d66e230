import {
  planDeploy,
  type DeployFacts,
  type DeployPlan,
  type DeployStage,
  type ServerGroupView,
} from '@gennaker/domain';
import { describe, expect, it, test } from 'vitest';

import { cluster, facts, group, serving, settings, stage } from './plan-builder.js';
import { blue, rule } from '../weights/rules.js';

const keeping: DeployStage = { ...stage, onFailure: 'keepDisabled' };

test.each(['none', 'redBlack', 'rollingRedBlack'] as const)(
  '%s promises that what has failed is kept out of traffic, unless a cancel destroys it',
  (type) => {
    const plan = planDeploy(facts({ stage: { ...keeping, strategy: { type } } }));
    expect(plan.steps[0]).toMatchObject({ operation: 'createServerGroup', keepOnFailure: true });
    expect(plan.promise?.undone.serverGroups.at(-1)).toEqual({
      serverGroup: 'web-prod-v001',
      state: 'disabled',
      capacity: null,
      mayBeGone: true,
    });
    const ordinary = planDeploy(facts({ stage: { ...stage, strategy: { type } } }));
    expect(ordinary.steps[0]).not.toHaveProperty('keepOnFailure');
    expect(ordinary.promise?.undone.serverGroups.at(-1)).toMatchObject({ state: 'gone' });
    expect(plan.promise?.instancesServingMin).toBe(ordinary.promise?.instancesServingMin);
  },
);

const kept = group('web-prod-v001', {
  enabled: false,
  instances: serving(3),
  owner: { executionId: 'x-1', stage: 'deploy' },
  keptUntil: '2026-01-05T00:00:00.000Z',
});
const before = '2026-01-04T23:59:59.000Z';
const after = '2026-01-05T00:00:01.000Z';

/** A deploy of v002 beside v000, with what has failed between them. */
function nextTo(failed: ServerGroupView, changes: Partial<DeployFacts> = {}): DeployPlan {
  const serverGroups = cluster(group('web-prod-v000'), failed);
  return planDeploy(facts({ serverGroup: 'web-prod-v002', cluster: serverGroups, ...changes }));
}

test('the next deploy takes nothing from it and warns of what it costs', () => {
  const plan = nextTo(kept, { readAt: before });
  expect(plan.source?.serverGroup).toBe('web-prod-v000');
  expect(plan.disables).toEqual(['web-prod-v000']);
  expect(plan).not.toHaveProperty('destroys');
  expect(plan.warnings.join()).toContain(
    'web-prod-v001 was kept after its deploy had failed (execution x-1), until 2026-01-05T00:00:00.000Z, with 3 instances: it is out of traffic',
  );
});

describe('once its time is over', () => {
  it.each(['none', 'redBlack', 'rollingRedBlack', 'canary'] as const)(
    '%s destroys it behind the verified switch, as the last thing',
    (type) => {
      const canary = { rules: [rule()], expectations: [], loadBalancers: [] };
      const strategy =
        type === 'canary'
          ? ({ type, steps: [{ weightPercent: 10, pause: { approval: true } }] } as const)
          : { type };
      const source = type === 'canary' ? { ...settings, targetGroupArns: [blue] } : settings;
      const plan = nextTo(kept, {
        readAt: after,
        stage: { ...stage, strategy },
        source,
        ...(type === 'canary' && { canary }),
      });
      expect(plan.steps.at(-1)).toMatchObject({
        id: 'destroy:web-prod-v001',
        operation: 'destroyServerGroup',
        arn: kept.arn,
        owner: kept.owner,
        teardown: true,
        guard: { serverGroup: 'web-prod-v002', instancesHealthyMin: 3 },
      });
      expect(plan.destroys).toEqual(['web-prod-v001']);
      const ofKept = { serverGroup: 'web-prod-v001' };
      expect(plan.promise?.succeeded.serverGroups).toContainEqual({
        ...ofKept,
        state: 'gone',
        capacity: null,
      });
      expect(plan.promise?.undone.serverGroups).toContainEqual(
        expect.objectContaining({ ...ofKept, state: 'disabled', mayBeGone: true }),
      );
      expect(plan.warnings.join()).toContain('and it is destroyed at the end of this deploy');
    },
  );

  it.each([
    ['was enabled by somebody', { enabled: true }],
    ['is on its way out', { deleting: true }],
    ['has no owner of ours', { owner: null }],
    ['has a time that cannot be read', { keptUntil: 'soon' }],
    ['has lost its time', { keptUntil: '' }],
  ])('stays where it %s', (_why, changes) => {
    const plan = nextTo({ ...kept, ...changes }, { readAt: after });
    expect(plan.steps.map(({ id }) => id)).not.toContain('destroy:web-prod-v001');
    expect(plan).not.toHaveProperty('destroys');
  });

  it('stays where nothing else is there to inherit from', () => {
    const plan = planDeploy(
      facts({ serverGroup: 'web-prod-v002', cluster: cluster(kept), readAt: after }),
    );
    expect(plan.source?.serverGroup).toBe('web-prod-v001');
    expect(plan).not.toHaveProperty('destroys');
  });

  it('goes once, where the strategy destroys it anyhow', () => {
    const older = group('web-prod-v000', { enabled: false });
    const plan = planDeploy(
      facts({
        serverGroup: 'web-prod-v003',
        cluster: cluster(older, kept, group('web-prod-v002')),
        readAt: after,
        stage: { ...stage, strategy: { type: 'redBlack', maxRemainingServerGroups: 2 } },
      }),
    );
    expect(plan.destroys).toEqual(['web-prod-v000', 'web-prod-v001']);
    const ids = plan.steps.map(({ id }) => id);
    expect(ids.filter((id) => id === 'destroy:web-prod-v001')).toHaveLength(1);
  });
});

describe('what is left of a canary', () => {
  const left = group('web-prod-v001-canary', {
    owner: { executionId: 'x-1', stage: 'deploy' },
    temporaryUntil: '2026-01-05T00:00:00.000Z',
  });

  it('is named with its execution, and nothing is removed of it', () => {
    const observed = { ...cluster(group('web-prod-v000')), observedAt: after };
    const plan = planDeploy(facts({ cluster: observed, temporary: [left], readAt: after }));
    expect(plan.warnings.join()).toContain(
      'web-prod-v001-canary was made for a while by execution x-1, until 2026-01-05T00:00:00.000Z, and is still there with 3 instances',
    );
    expect(JSON.stringify(plan.steps)).not.toContain(left.name);
  });

  it('that may be under way is told without advice', () => {
    const observed = { ...cluster(group('web-prod-v000')), observedAt: before };
    const plan = planDeploy(facts({ cluster: observed, temporary: [left] }));
    expect(plan.warnings.join()).toContain('it is left as it is, and may get requests');
    expect(plan.warnings.join()).not.toContain('is still there');
  });
});
