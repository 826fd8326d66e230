import {
  chooseShareOut,
  isRegisteredAnywhere,
  isUp,
  shareShortfall,
  type InstanceView,
  type ServerGroupView,
  type ShareGuard,
} from '@gennaker/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const arn = 'arn:tg';
type State = 'healthy' | 'unhealthy' | 'draining' | 'out';

function instance(instanceId: string, zone: string, state: State): InstanceView {
  return {
    instanceId,
    zone,
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: state === 'out' ? [] : [{ targetGroupArn: arn, state }],
    health: state === 'healthy' ? 'Up' : 'Down',
  };
}

function group(name: string, instances: readonly InstanceView[]): ServerGroupView {
  const desired = instances.length;
  return {
    name,
    arn: `arn:${name}`,
    createdAt: '2026-01-01T00:00:00Z',
    capacity: { min: desired, desired, max: desired },
    enabled: true,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: [arn],
    imageId: null,
    instances,
    owner: null,
  };
}

/** The instances of an even fleet, oldest first: i-0 in zone a, i-1 in b, i-2 in c, i-3 in a, … */
function fleet(name: string, count: number, changes: Readonly<Record<string, State>> = {}) {
  const zones = ['a', 'b', 'c'];
  const instances = Array.from({ length: count }, (_, index) => {
    const id = `i-${index}`;
    return instance(id, zones[index % 3] ?? 'a', changes[id] ?? 'healthy');
  });
  return group(name, instances);
}

function launched(of: ServerGroupView): ReadonlyMap<string, string> {
  return new Map(
    of.instances.map((one, index) => [
      one.instanceId,
      `2026-01-01T00:00:${String(index).padStart(2, '0')}Z`,
    ]),
  );
}

function choose(of: ServerGroupView, percent: number, incoming: ServerGroupView | null = null) {
  return chooseShareOut({ group: of, incoming, percent, launchedAt: launched(of) });
}

describe('a share of a server group that leaves the traffic', () => {
  it('is counted of those in service, rounded up', () => {
    const terminating = { ...instance('i-9', 'a', 'healthy'), lifecycleState: 'Terminating' };
    const old = fleet('old', 5);
    const share = choose({ ...old, instances: [...old.instances, terminating] }, 50);
    expect(share.instances).toBe(5);
    expect(share.out).toHaveLength(3);
  });

  it('takes zone after zone, and in each the one launched last', () => {
    expect(choose(fleet('old', 6), 50).out).toEqual(['i-3', 'i-4', 'i-5']);
  });

  it('leaves the zones for last that the other group does not cover yet', () => {
    const incoming = group('new', [
      instance('n-1', 'b', 'healthy'),
      instance('n-2', 'c', 'healthy'),
    ]);
    expect(choose(fleet('old', 3), 50, incoming).out).toEqual(['i-1', 'i-2']);
  });

  it('counts first what serves nothing: what is out, what drains, what is unhealthy', () => {
    const old = fleet('old', 6, { 'i-0': 'unhealthy', 'i-1': 'out', 'i-2': 'draining' });
    expect(choose(old, 50)).toEqual({
      instances: 6,
      out: ['i-1', 'i-2', 'i-0'],
      deregister: ['i-0'],
    });
  });

  it('goes on where it was left, and takes the same again on the same look', () => {
    const counts = fc.integer({ min: 1, max: 30 });
    const percents = fc.integer({ min: 1, max: 99 });
    fc.assert(
      fc.property(counts, percents, fc.nat(), (count, percent, done) => {
        const old = fleet('old', count);
        const share = choose(old, percent);
        const half = share.deregister.slice(0, done % (share.deregister.length + 1));
        const later = fleet('old', count, Object.fromEntries(half.map((id) => [id, 'out'])));
        const rest = choose(later, percent);
        expect(rest.out.toSorted()).toEqual(share.out.toSorted());
        expect([...half, ...rest.deregister]).toEqual(share.deregister);
      }),
    );
  });

  it('never empties a zone while another one has two more', () => {
    const counts = fc.integer({ min: 3, max: 30 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 99 }), (count, percent) => {
        const old = fleet('old', count);
        const { out } = choose(old, percent);
        const left = old.instances.filter((one) => !out.includes(one.instanceId));
        const perZone = ['a', 'b', 'c'].map((zone) => left.filter((one) => one.zone === zone));
        const sizes = perZone.map((here) => here.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(left.every((one) => isUp(one, old) && isRegisteredAnywhere(one, old))).toBe(true);
      }),
    );
  });
});

describe('the guard of a share', () => {
  const guard: ShareGuard = { serverGroup: 'new', instancesTogetherMin: 6 };

  function shortfall(incoming: ServerGroupView | null, of = guard, old = fleet('old', 6)) {
    return shareShortfall({ group: old, incoming }, choose(old, 50, incoming), of);
  }

  it('is content where both have together what is asked for', () => {
    expect(shortfall(fleet('new', 3))).toBeNull();
  });

  it('says how many both would have', () => {
    const words = 'old would keep 3 and new has 2 healthy instances in traffic, together 5 of 6';
    expect(shortfall(fleet('new', 2))).toBe(words);
    expect(shortfall(null)).toContain('new has 0 healthy');
    expect(shortfall({ ...fleet('new', 3), enabled: false })).toContain('new has 0 healthy');
  });

  it('asks for more where the group has more in service by now', () => {
    const covering = { ...guard, coveringPercent: 100 };
    expect(shortfall(fleet('new', 3), covering, fleet('old', 8))).toContain('together 7 of 8');
  });

  it('names the zone that would have too little', () => {
    const floor = { ...guard, zoneFloorPercent: 90 };
    const lopsided = group('new', [
      instance('n-1', 'a', 'healthy'),
      instance('n-2', 'a', 'healthy'),
      instance('n-3', 'a', 'healthy'),
    ]);
    expect(shortfall(lopsided, floor)).toBe('zone b would have 1 of 2');
    expect(shortfall(fleet('new', 3), floor)).toBeNull();
  });
});
