import { openStore } from '@gennaker/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestStore, type TestStore } from './test-store.js';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

describe('takeTurn', () => {
  it('lets one of several do the work, and the next one once it is done', async () => {
    const other = openStore({ databaseUrl: test.url, poolMax: 2 });
    const ran: string[] = [];
    const outcome = await test.store.takeTurn('sweep', async () => {
      ran.push('first');
      const refused = await other.takeTurn('sweep', async () => void ran.push('second'));
      const apart = await other.takeTurn('purge', async () => void ran.push('purge'));
      expect([refused, apart]).toEqual([false, true]);
    });
    expect(outcome).toBe(true);
    expect(await other.takeTurn('sweep', async () => void ran.push('third'))).toBe(true);
    expect(ran).toEqual(['first', 'purge', 'third']);
    await other.close();
  });

  it('throws what the work throws, and ends the turn', async () => {
    const fault = new Error('the work failed');
    const turn = test.store.takeTurn('faulty', () => Promise.reject(fault));
    await expect(turn).rejects.toBe(fault);
    expect(await test.store.takeTurn('faulty', async () => undefined)).toBe(true);
  });
});
