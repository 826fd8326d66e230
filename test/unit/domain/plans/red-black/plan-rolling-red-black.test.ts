import { planDeploy, type DeployStage, type RollingRedBlackStrategy } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, facts, group, serving, stage } from '../plan-builder.js';

function rolling(strategy: Omit<RollingRedBlackStrategy, 'type'> = {}): DeployStage {
  return { ...stage, strategy: { type: 'rollingRedBlack', ...strategy } };
}

const ten = group('web-prod-v000', {
  capacity: { min: 4, desired: 10, max: 20 },
  instances: serving(10),
});

describe('the plan of a rolling red/black', () => {
  it('grows and takes out in steps of the size recorded at the start', () => {
    const plan = planDeploy(
      facts({ stage: rolling({ targetPercents: [25, 50] }), cluster: cluster(ten) }),
    );
    expect(plan.steps.map((step) => step.id)).toEqual([
      'create',
      'pin:web-prod-v000',
      'resize:25',
      'healthy:25',
      'disable:web-prod-v000:25',
      'resize:50',
      'healthy:50',
      'disable:web-prod-v000:50',
      'resize:100',
      'healthy:100',
      'match',
      'disable:web-prod-v000',
      'verify',
      'unpin:web-prod-v001',
      'unpin:web-prod-v000',
    ]);
    const sizes = plan.steps.flatMap((step) =>
      step.operation === 'resizeServerGroup' ? [step.capacity] : [],
    );
    expect(sizes).toEqual([
      { min: 3, desired: 3, max: 20 },
      { min: 5, desired: 5, max: 20 },
      { min: 10, desired: 10, max: 20 },
    ]);
    const shares = plan.steps.flatMap((step) =>
      step.operation === 'disableServerGroupShare' ? [[step.percent, step.guard]] : [],
    );
    const guard = { serverGroup: 'web-prod-v001', instancesTogetherMin: 10 };
    expect(shares).toEqual([
      [25, guard],
      [50, guard],
    ]);
    expect(plan.promise?.instancesServingMin).toBe(10);
  });

  it('watches the alarms before each share leaves, and while it bakes', () => {
    const alarms = ['errors'];
    const gated = rolling({ targetPercents: [50], alarms, bakeSeconds: 60 });
    const delayed = { ...gated.strategy, delayBeforeDisableSeconds: 30 };
    const seen = { name: 'errors', state: 'OK', reason: '' };
    const { steps } = planDeploy(
      facts({
        stage: { ...gated, strategy: delayed },
        cluster: cluster(ten),
        alarms: [seen],
      }),
    );
    const watched = steps.flatMap((step, index) =>
      step.operation === 'watchAlarms' ? [[step.id, step.watchSeconds, steps[index + 1]?.id]] : [],
    );
    expect(watched).toEqual([
      ['alarms:50', 30, 'disable:web-prod-v000:50'],
      ['alarms:100', 30, 'match'],
      ['bake', 60, 'unpin:web-prod-v001'],
    ]);
    expect(steps.some((step) => step.operation === 'delay')).toBe(false);
    const raised = () =>
      planDeploy(
        facts({ stage: gated, cluster: cluster(ten), alarms: [{ ...seen, state: 'ALARM' }] }),
      );
    expect(raised).toThrow('errors');
  });

  it('asks both groups together for what the new one must have healthy in the end', () => {
    const lenient = { ...rolling({ targetPercents: [50] }), targetHealthyPercent: 60 };
    const plan = planDeploy(facts({ stage: lenient, cluster: cluster(ten) }));
    const step = plan.steps.find((one) => one.operation === 'disableServerGroupShare');
    expect(step).toMatchObject({ guard: { instancesTogetherMin: 6 } });
  });

  it('does not resize to the size that there is already', () => {
    const three = cluster(group('web-prod-v000'));
    const plan = planDeploy(
      facts({ stage: rolling({ targetPercents: [67, 90] }), cluster: three }),
    );
    const sizes = plan.steps.flatMap((step) =>
      step.operation === 'resizeServerGroup' ? [step.capacity.desired] : [],
    );
    expect(sizes).toEqual([3]);
  });

  it('pauses before each disable where it is told to', () => {
    const paused = rolling({ targetPercents: [50], delayBeforeDisableSeconds: 30 });
    const plan = planDeploy(facts({ stage: paused, cluster: cluster(ten) }));
    const delays = plan.steps.filter((step) => step.operation === 'delay');
    expect(delays.map((step) => step.id)).toEqual(['delay:50', 'delay:100']);
  });

  it('refuses more enabled groups than it is allowed, and names them', () => {
    const two = cluster(group('web-prod-v000'), group('web-prod-v001'));
    const request = facts({ stage: rolling(), cluster: two, serverGroup: 'web-prod-v002' });
    expect(() => planDeploy(request)).toThrow(/web-prod-v000, web-prod-v001/);
    const allowed = { ...request, stage: rolling({ enabledServerGroupsMax: 2 }) };
    expect(planDeploy(allowed).disables).toEqual(['web-prod-v000', 'web-prod-v001']);
  });

  it('is a deploy like any other where nothing is enabled', () => {
    const none = cluster(group('web-prod-v000', { enabled: false }));
    const plan = planDeploy(facts({ stage: rolling(), cluster: none }));
    expect(plan.steps.map((step) => step.id)).toEqual(['create', 'resize', 'healthy', 'verify']);
  });
});
