import {
  mayBeRefreshed,
  planDeploy,
  targetedServerGroup,
  type InstanceRefreshView,
  type ServerGroupView,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, facts, group, serving } from './plan-builder.js';
import { bad, planned, up, warm } from './rollback/rollback-builder.js';

/** Somebody replaces the three instances at up to 200 %: five are in service for the moment. */
const refreshed = group('web-prod-v000', { instances: serving(5) });
const refresh: InstanceRefreshView = {
  refreshId: 'refresh-1',
  status: 'InProgress',
  statusReason: null,
  startedAt: '2026-01-02T00:00:00Z',
  endedAt: null,
  percentComplete: 33,
  instancesToUpdate: 2,
  desired: null,
  rollbackReason: null,
};

describe("somebody else's instance refresh of what a deploy replaces", () => {
  it('is named in the plan with its id, start and percentage, and runs beside it', () => {
    const refreshesBeside = [{ serverGroup: 'web-prod-v000', refresh }];
    const { warnings } = planDeploy(facts({ cluster: cluster(refreshed), refreshesBeside }));
    expect(warnings).toContainEqual(
      expect.stringMatching(
        /refresh-1 \(since 2026-01-02T00:00:00Z, 33 %, InProgress\) replaces the instances of web-prod-v000: it goes on beside/,
      ),
    );
  });

  it('lends instances that nobody promises, since they go when it ends', () => {
    const { promise } = planDeploy(facts({ cluster: cluster(refreshed) }));
    expect(promise?.instancesServingMin).toBe(3);
    const back = planned({ groups: [warm, { ...bad, instances: up(5) }] });
    expect(back.promise?.instancesServingMin).toBe(3);
  });

  it('lends instances that no undo waits for', () => {
    const { instancesInService } = targetedServerGroup(cluster(refreshed), refreshed);
    expect(instancesInService).toBe(3);
    const back = planned({ groups: [warm, { ...bad, instances: up(5) }] });
    const enable = back.steps.find(({ operation }) => operation === 'enableServerGroup');
    expect(enable).toMatchObject({ undoGuard: { instancesHealthyMin: 3 } });
  });
});

describe('whether a group may be under a refresh', () => {
  const version = (number: string) => ({ launchTemplateId: 'lt-1', version: number });
  const of = (...changes: readonly Partial<ServerGroupView['instances'][number]>[]) =>
    group('web-prod-v000', {
      instances: serving(3).map((one, index) => ({ ...one, ...changes[index] })),
    });

  it.each([
    ['at rest', of(), false],
    ['with more in service than it wants', refreshed, true],
    ['with fewer', group('web-prod-v000', { instances: serving(2) }), true],
    ['with one that comes', of({ lifecycleState: 'Pending' }), true],
    [
      'of two versions',
      of(
        { launchTemplate: version('1') },
        { launchTemplate: version('2') },
        { launchTemplate: version('2') },
      ),
      true,
    ],
  ])('%s', (_how, one, expected) => {
    expect(mayBeRefreshed(one)).toBe(expected);
  });
});
