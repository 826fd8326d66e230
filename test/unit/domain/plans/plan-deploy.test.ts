import { planDeploy, sourceOf, type DeployStage } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, facts, group, serving, settings, stage } from './plan-builder.js';

describe('the plan of a deploy', () => {
  it('promises what serves all the time and how it ends', () => {
    const groups = cluster(group('web-prod-v000', { enabled: false }), group('web-prod-v001'));
    const { promise } = planDeploy(facts({ cluster: groups, serverGroup: 'web-prod-v002' }));
    const capacity = { min: 2, desired: 3, max: 6 };
    expect(promise).toEqual({
      instancesServingMin: 3,
      succeeded: {
        serverGroups: [
          { serverGroup: 'web-prod-v000', state: 'disabled', capacity },
          { serverGroup: 'web-prod-v001', state: 'disabled', capacity },
          { serverGroup: 'web-prod-v002', state: 'enabled', capacity },
        ],
      },
      undone: {
        serverGroups: [
          { serverGroup: 'web-prod-v000', state: 'disabled', capacity },
          { serverGroup: 'web-prod-v001', state: 'enabled', capacity },
          { serverGroup: 'web-prod-v002', state: 'gone', capacity: null },
        ],
      },
    });
  });

  it('promises no more than the new group will have', () => {
    const capacity = { min: 2, desired: 9, max: 9 };
    const grown = group('web-prod-v000', { capacity, instances: serving(9) });
    const smaller: DeployStage = { ...stage, capacity: { min: 2, desired: 4, max: 4 } };
    const { promise } = planDeploy(facts({ stage: smaller, cluster: cluster(grown) }));
    expect(promise?.instancesServingMin).toBe(4);
    const beside: DeployStage = { ...smaller, strategy: { type: 'none' } };
    const plan = planDeploy(facts({ stage: beside, cluster: cluster(grown) }));
    expect(plan.promise?.instancesServingMin).toBe(9);
  });

  it('disables nothing with the strategy none', () => {
    const plan = planDeploy(facts({ stage: { ...stage, strategy: { type: 'none' } } }));
    expect(plan.disables).toEqual([]);
    expect(plan.steps.map((step) => step.id)).toEqual(['create', 'resize', 'healthy', 'verify']);
  });

  it('disables every other enabled group, oldest first, and says that there was more than one', () => {
    const groups = cluster(
      group('web-prod-v000'),
      group('web-prod-v001', { enabled: false }),
      group('web-prod-v002'),
      group('web-prod-v003', { deleting: true }),
    );
    const plan = planDeploy(facts({ cluster: groups, serverGroup: 'web-prod-v004' }));
    expect(plan.disables).toEqual(['web-prod-v000', 'web-prod-v002']);
    expect(plan.source?.serverGroup).toBe('web-prod-v002');
    expect(plan.warnings).toEqual([
      'Being deleted and left out: web-prod-v003.',
      'More than one server group is enabled and will be replaced: web-prod-v000, web-prod-v002.',
      '6 instances serve now; the new server group has 3.',
    ]);
  });

  it('never disables the group that it makes', () => {
    const again = cluster(group('web-prod-v000'), group('web-prod-v001'));
    expect(planDeploy(facts({ cluster: again })).disables).toEqual(['web-prod-v000']);
  });

  it('takes the newest group as source where none is enabled, but not its suspended processes', () => {
    const disabled = group('web-prod-v001', { enabled: false });
    const groups = cluster(group('web-prod-v000', { enabled: false }), disabled);
    const held = ['Launch', 'Terminate', 'AddToLoadBalancer', 'HealthCheck', 'ReplaceUnhealthy'];
    const source = { ...settings, suspendedProcesses: [...held, 'AZRebalance'] };
    const plan = planDeploy(facts({ cluster: groups, source, serverGroup: 'web-prod-v002' }));
    expect(sourceOf(groups)).toBe(disabled);
    expect(plan.target.suspendedProcesses).toEqual(['AZRebalance']);
    expect(plan.warnings).toContain(
      'No server group is enabled; settings come from web-prod-v001.',
    );
  });

  it('keeps suspensions that an operator made on an enabled source, except those that stop traffic', () => {
    const source = { ...settings, suspendedProcesses: ['Launch', 'HealthCheck'] };
    const plan = planDeploy(facts({ source }));
    expect(plan.target.suspendedProcesses).toEqual(['HealthCheck']);
    expect(plan.warnings.join()).toContain('not inherited');
  });

  it('does not take a half-made group for the source while an older one serves', () => {
    const halfMade = group('web-prod-v001', {
      capacity: { min: 0, desired: 0, max: 0 },
      instances: [],
    });
    const groups = cluster(group('web-prod-v000'), halfMade);
    const plan = planDeploy(facts({ cluster: groups, serverGroup: 'web-prod-v002' }));
    expect(plan.source?.serverGroup).toBe('web-prod-v000');
    expect(plan.disables).toEqual(['web-prod-v000', 'web-prod-v001']);
    expect(plan.target.capacity.desired).toBe(3);
  });

  it('is as large as the source is now, also while the source is above its desired size', () => {
    const grown = group('web-prod-v000', { instances: serving(8) });
    const plan = planDeploy(facts({ cluster: cluster(grown) }));
    expect(plan.target.capacity).toEqual({ min: 2, desired: 8, max: 8 });
  });

  it('takes size, type, grace and suspensions from the stage where they are given', () => {
    const changed: DeployStage = {
      ...stage,
      capacity: { min: 1, desired: 5, max: 9 },
      instanceType: 'm7g.large',
      healthCheckGraceSeconds: 30,
      suspendedProcesses: [],
      targetHealthyPercent: 50,
    };
    const { target, steps } = planDeploy(facts({ stage: changed }));
    expect(target).toMatchObject({
      capacity: { min: 1, desired: 5, max: 9 },
      healthCheckGraceSeconds: 30,
      suspendedProcesses: [],
      launchTemplate: { instanceType: 'm7g.large', clonedFrom: { launchTemplateId: 'lt-1' } },
    });
    expect(steps.find((step) => step.operation === 'verifyDeploy')).toMatchObject({
      instancesHealthyMin: 3,
    });
  });

  it('refuses target groups that no listener uses, since they never get healthy', () => {
    expect(() => planDeploy(facts({ unusedTargetGroupArns: ['tg-1', 'tg-9'] }))).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', details: { targetGroupArns: ['tg-1'] } }),
    );
  });

  it('refuses to take all traffic away by a red/black of no instances', () => {
    const empty: DeployStage = { ...stage, capacity: { min: 0, desired: 0, max: 0 } };
    expect(() => planDeploy(facts({ stage: empty }))).toThrow(/take web-prod-v000 out of traffic/);
    const parked = cluster(group('web-prod-v000', { instances: [] }));
    expect(planDeploy(facts({ stage: empty, cluster: parked })).disables).toEqual([
      'web-prod-v000',
    ]);
  });

  it('starts a cluster from launch settings, and says what is missing without them', () => {
    const first: DeployStage = {
      ...stage,
      capacity: { min: 1, desired: 1, max: 1 },
      launch: {
        instanceType: 't3.micro',
        subnetIds: ['subnet-9'],
        securityGroupIds: ['sg-1'],
        targetGroupArns: ['tg-9'],
        healthCheckType: 'EC2',
      },
    };
    const plan = planDeploy(facts({ stage: first, cluster: cluster(), source: null }));
    expect(plan.source).toBeNull();
    expect(plan.target).toMatchObject({ subnetIds: ['subnet-9'], healthCheckGraceSeconds: 600 });
    expect(plan.steps[0]?.title).toBe('Create web-prod-v001 at 0/0/0');
    expect(() => planDeploy(facts({ cluster: cluster(), source: null }))).toThrow(
      expect.objectContaining({ code: 'SOURCE_NOT_FOUND' }),
    );
    const { capacity: _, ...sizeless } = first;
    expect(() => planDeploy(facts({ stage: sizeless, cluster: cluster(), source: null }))).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST' }),
    );
  });
});
