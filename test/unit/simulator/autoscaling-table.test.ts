import { Store } from '@gennaker/simulator';
import { expect, test } from 'vitest';

interface Row {
  readonly id: string;
  readonly groups: readonly string[];
}

function table() {
  let now = 0;
  const store = new Store(() => now, undefined);
  const rows = store.table<Row>('rows', {
    historyMs: 10_000,
    indexes: { group: ({ groups }) => groups },
  });
  return { rows, at: (instant: number) => (now = instant) };
}

const ids = (rows: readonly Row[]) => rows.map(({ id }) => id).toSorted();

test('a row stands under each of its values, and under no other after a change', () => {
  const { rows } = table();
  rows.put('a', { id: 'a', groups: ['x', 'y'] });
  rows.put('b', { id: 'b', groups: ['y'] });
  expect([ids(rows.where('group', 'x')), ids(rows.where('group', 'y'))]).toEqual([
    ['a'],
    ['a', 'b'],
  ]);
  rows.update('a', { groups: ['z', 'y'] });
  rows.delete('b');
  expect([rows.keysWhere('group', 'x'), rows.keysWhere('group', 'y')]).toEqual([[], ['a']]);
  expect(rows.countWhere('group', 'z')).toBe(1);
});

test('an index read of a moment ago sees what stood there then', () => {
  const { rows, at } = table();
  at(1000);
  rows.put('kept', { id: 'kept', groups: ['x'] });
  rows.put('moved', { id: 'moved', groups: ['x'] });
  rows.put('gone', { id: 'gone', groups: ['x'] });
  at(2000);
  rows.update('moved', { groups: ['y'] });
  rows.delete('gone');
  rows.put('new', { id: 'new', groups: ['x'] });
  const seen = (instant: number, value: string) =>
    ids(rows.allAsOf(instant, { name: 'group', value }));
  expect(seen(1500, 'x')).toEqual(['gone', 'kept', 'moved']);
  expect(seen(1500, 'y')).toEqual([]);
  expect(seen(2000, 'x')).toEqual(['kept', 'new']);
  expect(seen(2000, 'y')).toEqual(['moved']);
  expect(ids(rows.someAsOf(['kept', 'gone', 'new'], 1500))).toEqual(['gone', 'kept']);
  expect(rows.findAsOf('new', 1500)).toBeUndefined();
});
