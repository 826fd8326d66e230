import {
  matchedCapacity,
  zoneShortages,
  zoneShortageWords,
  type ServerGroupView,
} from '@gennaker/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

type Zones = Readonly<Record<string, number>>;

function group(zones: Zones, changes: Partial<ServerGroupView> = {}): ServerGroupView {
  const instances = Object.entries(zones).flatMap(([zone, count]) =>
    Array.from({ length: count }, (_, index) => ({
      instanceId: `i-${zone}-${index}`,
      zone,
      lifecycleState: 'InService',
      healthStatus: 'Healthy',
      targetHealth: [],
      health: 'Up' as const,
    })),
  );
  const desired = instances.length;
  return {
    name: 'web-prod-v000',
    arn: 'arn:web-prod-v000',
    createdAt: '2026-01-01T00:00:00Z',
    capacity: { min: desired, desired, max: desired },
    enabled: true,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: [],
    imageId: null,
    instances,
    owner: null,
    ...changes,
  };
}

function shortages(
  outgoing: Zones,
  incoming: Zones,
  options: { readonly percent?: number; readonly desired?: number } = {},
) {
  const up = Object.values(incoming).reduce((sum, count) => sum + count, 0);
  const { percent = 90, desired: size = up } = options;
  const capacity = { min: size, desired: size, max: size };
  return zoneShortages({
    incoming: group(incoming, { capacity }),
    outgoing: [group(outgoing)],
    percent,
  });
}

describe('the zone floor of a switch', () => {
  it('finds nothing where every zone has its share', () => {
    expect(
      shortages({ a: 134, b: 133, c: 133 }, { a: 121, b: 133, c: 133 }, { desired: 400 }),
    ).toEqual([]);
  });

  it('names the zone that stayed empty, its counts and what serves there', () => {
    const found = shortages({ a: 134, b: 133, c: 133 }, { a: 134, c: 133 }, { desired: 400 });
    expect(found).toEqual([{ zone: 'b', healthy: 0, required: 120, serving: 133 }]);
    expect(zoneShortageWords(found)).toBe(
      'zone b has 0 of 120 healthy instances (133 serve there now)',
    );
  });

  it('does not ask a zone for more than an even spread of the new group can give', () => {
    expect(shortages({ a: 2, b: 1 }, { a: 1, b: 1, c: 1 })).toEqual([]);
  });

  it('counts only instances that are up', () => {
    const incoming = group({ a: 2, b: 2 });
    const sick = incoming.instances.map((one) =>
      one.zone === 'b' ? { ...one, health: 'Down' as const } : one,
    );
    const outgoing = [group({ a: 2, b: 2 })];
    expect(
      zoneShortages({ incoming: { ...incoming, instances: sick }, outgoing, percent: 90 }),
    ).toMatchObject([{ zone: 'b', healthy: 0, required: 2 }]);
  });

  it('asks for nothing at 0 percent, and at any percentage of an equal spread', () => {
    expect(shortages({ a: 5 }, { b: 5 }, { percent: 0 })).toEqual([]);
    const zones = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 100 }), (spread, percent) => {
        expect(shortages(spread, spread, { percent })).toEqual([]);
      }),
    );
  });
});

describe('the size that covers what a group replaces', () => {
  it('is left alone where it is large enough', () => {
    expect(matchedCapacity({ min: 2, desired: 5, max: 9 }, [group({ a: 5 })])).toBeNull();
    expect(matchedCapacity({ min: 0, desired: 0, max: 0 }, [])).toBeNull();
  });

  it('follows what is in service and what is wanted, and pins it', () => {
    const capacity = { min: 2, desired: 8, max: 9 };
    expect(
      matchedCapacity({ min: 2, desired: 5, max: 6 }, [group({ a: 4 }, { capacity })]),
    ).toEqual({ min: 8, desired: 8, max: 8 });
    const above = group({ a: 12 }, { capacity });
    expect(matchedCapacity({ min: 2, desired: 5, max: 6 }, [above])).toMatchObject({ desired: 12 });
  });
});
