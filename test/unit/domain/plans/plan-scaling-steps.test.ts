import { planDeploy, type DeployFacts, type SourceCarriedOver } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { alarm, nightly, policy, source } from '../carry/carry-builder.js';
import { facts, settings, stage } from './plan-builder.js';

function scalingFacts(carriedOver: SourceCarriedOver, changes: Partial<DeployFacts> = {}) {
  return facts({ source: { ...settings, carriedOver }, ...changes });
}

const rich = source({
  policies: [policy('up')],
  alarms: [alarm('web-prod-v000-high', 'up')],
  scheduledActions: [nightly()],
});

describe('the plan of a deploy whose source scales', () => {
  it('attaches before anything is disabled, and lets schedules act once all pins are gone', () => {
    const { steps } = planDeploy(scalingFacts(rich));
    expect(steps.map(({ id }) => id)).toEqual([
      'create',
      'pin:web-prod-v000',
      'resize',
      'healthy',
      'attachScaling',
      'match',
      'disable:web-prod-v000',
      'verify',
      'unpin:web-prod-v001',
      'unpin:web-prod-v000',
      'releaseScaling',
    ]);
    expect(steps.filter(({ operation }) => operation.endsWith('Scaling'))).toMatchObject([
      {
        title: 'Attach 1 scaling policy, 1 alarm, 1 scheduled action to web-prod-v001',
        holds: ['ScheduledActions'],
      },
      { title: 'Resume ScheduledActions of web-prod-v001', resumes: ['ScheduledActions'] },
    ]);
    expect(steps.find(({ id }) => id === 'resize')).toMatchObject({
      capacity: { min: 3, desired: 3, max: 6 },
    });
  });

  it('attaches beside the others, too, where nothing is disabled', () => {
    const beside = { stage: { ...stage, strategy: { type: 'none' } } } as const;
    expect(planDeploy(scalingFacts(rich, beside)).steps.map(({ id }) => id)).toEqual([
      'create',
      'resize',
      'healthy',
      'attachScaling',
      'verify',
      'releaseScaling',
    ]);
  });

  it('attaches in a rolling red/black once the new group has its whole size', () => {
    const rolling = { stage: { ...stage, strategy: { type: 'rollingRedBlack' } } } as const;
    const ids = planDeploy(scalingFacts(rich, rolling)).steps.map(({ id }) => id);
    expect(ids.indexOf('attachScaling')).toBeGreaterThan(ids.indexOf('healthy:100'));
    expect(ids.indexOf('attachScaling')).toBeLessThan(ids.indexOf('disable:web-prod-v000'));
    expect(ids.at(-1)).toBe('releaseScaling');
  });

  it('holds nothing where there are no schedules, and where they are suspended for good', () => {
    const held = (from: SourceCarriedOver, suspendedProcesses: readonly string[]) =>
      planDeploy(
        facts({ source: { ...settings, suspendedProcesses, carriedOver: from } }),
      ).steps.flatMap((step) =>
        step.operation === 'attachScaling' || step.operation === 'releaseScaling' ? [step] : [],
      );
    expect(held(source({ policies: [policy('up')] }), [])).toMatchObject([{ holds: [] }]);
    expect(held(rich, ['ScheduledActions'])).toMatchObject([{ holds: [] }]);
  });

  it('has no step more than before where there is nothing to attach', () => {
    const plain = planDeploy(facts());
    const planned = planDeploy(scalingFacts(source()));
    expect(planned.steps).toEqual(plain.steps);
    expect(planned.warnings).toEqual(plain.warnings);
  });

  it('shows what is carried over, and warns of what a person should know', () => {
    const { target, warnings } = planDeploy(scalingFacts(rich));
    expect(target.carriedOver?.scaling.alarms).toMatchObject([
      { name: 'web-prod-v001-high', copiedFrom: 'web-prod-v000-high' },
    ]);
    expect(warnings).toEqual([]);
    const due = source({ scheduledActions: [nightly({ startAt: '2026-01-02T00:05:00.000Z' })] });
    expect(planDeploy(scalingFacts(due)).warnings).toEqual([
      expect.stringContaining('Scheduled action night is due at 2026-01-02T00:05:00.000Z'),
    ]);
  });
});
