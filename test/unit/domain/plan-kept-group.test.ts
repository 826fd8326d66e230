import { planDeploy, type DeployStage } from '@gennaker/domain';
import { expect, test } from 'vitest';

import { cluster, facts, group, serving, stage } from './plan-builder.js';

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

test('the next deploy takes nothing from it and warns of what it costs', () => {
  const kept = group('web-prod-v001', {
    enabled: false,
    instances: serving(3),
    keptUntil: '2026-01-05T00:00:00.000Z',
  });
  const plan = planDeploy(
    facts({ serverGroup: 'web-prod-v002', cluster: cluster(group('web-prod-v000'), kept) }),
  );
  expect(plan.source?.serverGroup).toBe('web-prod-v000');
  expect(plan.disables).toEqual(['web-prod-v000']);
  expect(plan.warnings.join()).toContain(
    'web-prod-v001 was kept after its deploy had failed, until 2026-01-05T00:00:00.000Z, with 3 instances',
  );
});
