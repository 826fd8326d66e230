import { planRollback, rollbackTarget } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, group, serving, settings } from '../plan-builder.js';
import {
  bad,
  held,
  planned,
  recordedState,
  thrownBy,
  up,
  warm,
  without,
} from './rollback-builder.js';

describe('the plan of a rollback', () => {
  it('switches nothing before the group that comes back is whole and healthy in every zone', () => {
    const plan = planned();
    expect(plan.steps.map((step) => step.id)).toEqual([
      'pin:web-prod-v001',
      'enable',
      'match',
      'disable:web-prod-v001',
      'verify',
      'unpin:web-prod-v000',
      'unpin:web-prod-v001',
    ]);
    expect(plan.steps[1]).toMatchObject({
      operation: 'enableServerGroup',
      arn: 'arn:web-prod-v000',
      capacity: { min: 3, desired: 3, max: 6 },
      undoGuard: { serverGroup: 'web-prod-v001', instancesHealthyMin: 3 },
    });
    expect(plan.steps[2]).toMatchObject({
      operation: 'matchServerGroup',
      others: ['web-prod-v001'],
      instancesHealthyMin: 3,
      zoneFloor: { serverGroups: ['web-prod-v001'], percent: 90 },
    });
    expect(plan.steps[3]).toMatchObject({
      guard: {
        serverGroup: 'web-prod-v000',
        instancesHealthyMin: 3,
        coveringPercent: 100,
        zoneFloorPercent: 90,
      },
    });
    expect(plan).toMatchObject({
      strategy: 'rollback',
      disables: ['web-prod-v001'],
      source: { serverGroup: 'web-prod-v001' },
      target: { serverGroup: 'web-prod-v000', suspendedProcesses: [] },
    });
  });

  it('promises what serves now all the time, and both ways it ends', () => {
    const capacity = { min: 2, desired: 3, max: 6 };
    expect(planned().promise).toEqual({
      instancesServingMin: 3,
      succeeded: {
        serverGroups: [
          { serverGroup: 'web-prod-v000', state: 'enabled', capacity },
          { serverGroup: 'web-prod-v001', state: 'disabled', capacity },
        ],
      },
      undone: {
        serverGroups: [
          { serverGroup: 'web-prod-v000', state: 'disabled', capacity },
          { serverGroup: 'web-prod-v001', state: 'enabled', capacity },
        ],
      },
    });
  });

  it('promises no more than is healthy at the start', () => {
    const sick = group('web-prod-v001', { instances: [...up(1), ...serving(2)] });
    const plan = planned({ groups: [warm, sick] });
    expect(plan.promise?.instancesServingMin).toBe(1);
    expect(plan.steps[1]).toMatchObject({ undoGuard: { instancesHealthyMin: 1 } });
  });

  it.each([
    { name: 'what serves now', now: 9, recorded: 4, desired: 9, max: 9 },
    { name: 'what was recorded', now: 3, recorded: 8, desired: 8, max: 10 },
    { name: 'what it has itself', now: 3, recorded: 2, desired: 5, max: 10 },
  ])('is as large as $name where that is the most', ({ now, recorded, desired, max }) => {
    const own = { ...warm, capacity: { min: 1, desired: 5, max: 5 } };
    const grown = group('web-prod-v001', { instances: up(now) });
    const sizes = { min: 2, desired: recorded, max: now === 9 ? 8 : 10 };
    const plan = planned({ groups: [own, grown], recorded: recordedState(sizes) });
    expect(plan.target.capacity).toEqual({ min: 2, desired: Math.max(desired, 5), max });
  });

  it('grows a group that was scaled to nothing to what serves, and says so', () => {
    const empty = { ...warm, capacity: { min: 0, desired: 0, max: 0 }, instances: [] };
    const plan = planned({ groups: [empty, bad] });
    expect(plan.target.capacity).toEqual({ min: 2, desired: 3, max: 6 });
    expect(plan.warnings).toContain(
      'web-prod-v000 has 0 instances and is grown to 3 first: until they are healthy nothing is switched.',
    );
    expect(plan.promise?.undone.serverGroups[0]?.capacity).toEqual(empty.capacity);
  });

  it('keeps what an operator has suspended, but nothing that a disable has', () => {
    expect(planned({ suspended: [...held, 'AZRebalance'] }).target.suspendedProcesses).toEqual([
      'AZRebalance',
    ]);
  });

  it('takes everything else that is enabled out of traffic, and grows to all of it', () => {
    const third = group('web-prod-v002', { instances: up(3) });
    const plan = planned({
      groups: [warm, bad, third],
      stage: { expectedServing: 'web-prod-v002' },
    });
    expect(plan.disables).toEqual(['web-prod-v001', 'web-prod-v002']);
    expect(plan.target.capacity.desired).toBe(6);
    expect(plan.warnings.join()).toContain('More than one server group is enabled');
  });

  it('keeps a group in traffic that serves beside the other', () => {
    const beside = group('web-prod-v000', { instances: up(3) });
    const plan = planned({ groups: [beside, bad], suspended: [] });
    expect(plan.steps[1]?.title).toBe('Keep web-prod-v000 in traffic at 3/3/6');
    expect(plan.promise).toMatchObject({ instancesServingMin: 3 });
  });

  it('refuses a group without which a target group would be left without a target', () => {
    const elsewhere = { ...warm, targetGroupArns: ['tg-2'] };
    expect(() => planned({ groups: [elsewhere, bad] })).toThrow(/web-prod-v000 is not in tg-1/);
    expect(() => planned({ unused: ['tg-1'] })).toThrow(/no listener forwards to tg-1/);
  });

  it('refuses one of which nobody knows how large it has to be', () => {
    const nothing = { min: 0, desired: 0, max: 0 };
    const empty = { ...warm, capacity: nothing, instances: [] };
    const alone = without('expectedServing');
    const work = () => {
      const view = cluster(empty);
      const pair = rollbackTarget(alone, view, null);
      return planRollback(
        {
          stage: alone,
          cluster: view,
          serverGroup: empty.name,
          settings,
          imageId: 'ami-0',
          recorded: null,
          unusedTargetGroupArns: [],
        },
        pair,
      );
    };
    expect(thrownBy(work)).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});
