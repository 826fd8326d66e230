import { behaviour, EventQueue, Reading, Store, Table, World } from '@gennaker/simulator';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

interface Row {
  readonly name: string;
  readonly group: string;
}

describe('a table', () => {
  test('shows its rows as they were a moment ago', () => {
    let now = 1000;
    const store = new Store(() => now, undefined);
    const table = store.table<Row>('rows', {
      historyMs: 10_000,
      indexes: { group: (row) => row.group },
    });
    table.put('a', { name: 'first', group: 'x' });
    now = 2000;
    table.update('a', { name: 'second', group: 'y' });
    table.put('b', { name: 'new', group: 'x' });
    now = 3000;
    table.delete('b');
    const seenAt = (at: number) => table.allAsOf(at).map(({ name }) => name);
    expect([seenAt(999), seenAt(1500), seenAt(2500), seenAt(3000)]).toEqual([
      [],
      ['first'],
      ['second', 'new'],
      ['second'],
    ]);
    expect(table.findAsOf('b', 2500)?.name).toBe('new');
    expect(table.allAsOf(1500, { name: 'group', value: 'x' }).map(({ name }) => name)).toEqual([
      'first',
    ]);
    expect(table.allAsOf(2500, { name: 'group', value: 'x' }).map(({ name }) => name)).toEqual([
      'new',
    ]);
  });

  test('finds by index what a search would find, whatever has happened', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      group: fc.constantFrom('x', 'y', 'gone'),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const table = new Store(() => 0, undefined).table<Row>('rows', {
          indexes: { group: (row) => row.group },
        });
        for (const { key, group } of steps) {
          if (group === 'gone') table.delete(key);
          else table.put(key, { name: key, group });
        }
        for (const group of ['x', 'y']) {
          const names = (rows: readonly Row[]) => rows.map(({ name }) => name).toSorted();
          expect(names(table.where('group', group))).toEqual(
            names(table.all().filter((row) => row.group === group)),
          );
        }
      }),
    );
  });

  test('takes back everything that a failed attempt has changed', () => {
    const store = new Store(() => 0, undefined);
    const table: Table<Row> = store.table<Row>('rows', { indexes: { group: (row) => row.group } });
    table.put('a', { name: 'a', group: 'x' });
    const attempt = () =>
      store.attempt(() => {
        table.put('b', { name: 'b', group: 'x' });
        table.update('a', { group: 'y' });
        table.delete('a');
        throw new Error('no');
      });
    expect(attempt).toThrow('no');
    expect(table.all()).toEqual([{ name: 'a', group: 'x' }]);
    expect(table.where('group', 'x')).toHaveLength(1);
    expect(table.where('group', 'y')).toHaveLength(0);
  });
});

describe('the event queue', () => {
  const event = (at: number, subject: string) => ({ at, kind: 'k', scope: 's', subject });

  test('gives events in the order of time, then of planning', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const queue = new EventQueue(new Store(() => 0, undefined));
        for (const [index, at] of times.entries()) queue.schedule(event(at, `s${index}`));
        const taken: string[] = [];
        for (let next = queue.takeDue(100); next !== undefined; next = queue.takeDue(100))
          taken.push(next.subject);
        const order = times
          .map((at, index) => ({ at, index }))
          .toSorted((a, b) => a.at - b.at || a.index - b.index);
        expect(taken).toEqual(order.map(({ index }) => `s${index}`));
      }),
    );
  });

  test('keeps the earlier of two plans, unless the new one replaces it', () => {
    const queue = new EventQueue(new Store(() => 0, undefined));
    queue.schedule(event(10, 'a'));
    queue.schedule(event(20, 'a'));
    expect(queue.nextAt()).toBe(10);
    queue.schedule(event(30, 'a'), true);
    expect(queue.nextAt()).toBe(30);
    queue.schedule(event(5, 'a'));
    expect(queue.nextAt()).toBe(5);
    queue.cancel('s', 'k', 'a');
    expect(queue.nextAt()).toBeUndefined();
    expect(queue.takeDue(100)).toBeUndefined();
  });
});

test('pages give every row once, whatever the size and the order', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 });
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 7 }), fc.boolean(), (rows, pageSize, shuffled) => {
      const adversity = { pageSize, shuffled, staleSeconds: 0, staleShare: 0, appStartSeconds: 0 };
      const seen: string[] = [];
      let token: string | undefined;
      for (let number = 0; number === 0 || token !== undefined; number += 1) {
        const reading = new Reading(adversity, { seed: 'x', number, now: 0 });
        const page = reading.page({ rows, key: (row) => row, token, limit: undefined, max: 100 });
        expect(page.items.length).toBeLessThanOrEqual(pageSize);
        seen.push(...page.items);
        token = page.nextToken;
      }
      expect(seen.toSorted()).toEqual(rows.toSorted());
    }),
  );
});

describe('a virtual clock', () => {
  const startOf = (seed: string) =>
    new World({ clock: { kind: 'virtual' }, seed, dataFile: undefined, behaviour }).now();

  test('begins at the same instant for the same seed, whenever it is started', () => {
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T06:52:18Z') });
    const morning = startOf('one');
    vi.setSystemTime(new Date('2026-11-24T23:59:59Z'));
    expect(startOf('one')).toBe(morning);
    expect(startOf('two')).not.toBe(morning);
  });

  test('begins where it is told to', () => {
    const startsAt = Date.parse('2026-12-31T23:59:57Z');
    const clock = { kind: 'virtual', startsAt } as const;
    expect(new World({ clock, seed: 'one', dataFile: undefined, behaviour }).now()).toBe(startsAt);
  });
});
