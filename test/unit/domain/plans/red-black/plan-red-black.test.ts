import { planDeploy, type DeployStage } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, facts, group, stage } from '../plan-builder.js';

describe('the plan of a red/black', () => {
  it('names the steps of a red/black for people and machines', () => {
    const plan = planDeploy(facts());
    expect(plan.steps.map((step) => [step.id, step.operation, step.title])).toEqual([
      ['create', 'createServerGroup', 'Create web-prod-v001 at 0/0/0 from web-prod-v000'],
      ['pin:web-prod-v000', 'pinServerGroup', 'Pin the minimum of web-prod-v000 at 3'],
      ['resize', 'resizeServerGroup', 'Resize web-prod-v001 to 3/3/6'],
      ['healthy', 'awaitHealthy', 'Wait until 3 of 3 instances of web-prod-v001 are healthy'],
      [
        'match',
        'matchServerGroup',
        'See that web-prod-v001 covers web-prod-v000 as it is by now, in every zone',
      ],
      ['disable:web-prod-v000', 'disableServerGroup', 'Disable web-prod-v000'],
      [
        'verify',
        'verifyDeploy',
        'Verify that web-prod-v001 serves with at least 3 healthy instances',
      ],
      ['unpin:web-prod-v001', 'unpinServerGroup', 'Set the minimum of web-prod-v001 to 2 again'],
      ['unpin:web-prod-v000', 'unpinServerGroup', 'Set the minimum of web-prod-v000 to 2 again'],
    ]);
    expect(plan.steps[5]).toMatchObject({
      guard: {
        serverGroup: 'web-prod-v001',
        instancesHealthyMin: 3,
        coveringPercent: 100,
        zoneFloorPercent: 90,
      },
    });
    expect(plan).toMatchObject({
      disables: ['web-prod-v000'],
      observedServerGroups: ['web-prod-v000'],
    });
  });

  it('pins nothing that cannot shrink', () => {
    const fixed = group('web-prod-v000', { capacity: { min: 3, desired: 3, max: 3 } });
    expect(planDeploy(facts({ cluster: cluster(fixed) })).steps.map((step) => step.id)).toEqual([
      'create',
      'resize',
      'healthy',
      'match',
      'disable:web-prod-v000',
      'verify',
    ]);
  });

  it('takes a size that the stage gives as it stands, and turns the zone floor off on request', () => {
    const strategy = { type: 'redBlack', delayBeforeDisableSeconds: 60 } as const;
    const capacity = { min: 2, desired: 2, max: 2 };
    const given: DeployStage = { ...stage, strategy, capacity, zoneFloorPercent: 0 };
    const { steps } = planDeploy(facts({ stage: given }));
    expect(steps.find((step) => step.operation === 'delay')).toMatchObject({ delaySeconds: 60 });
    expect(steps.find((step) => step.operation === 'matchServerGroup')).toMatchObject({
      others: [],
      zoneFloor: { percent: 0 },
    });
    expect(steps.find((step) => step.operation === 'disableServerGroup')).toMatchObject({
      guard: { serverGroup: 'web-prod-v001', instancesHealthyMin: 2 },
    });
  });
});
