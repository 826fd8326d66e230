import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestStore, type TestStore } from './test-store.js';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore(20);
});
afterAll(() => test.close());

let executions = 0;

interface Wish {
  readonly cluster: string;
  readonly executionId?: string;
  readonly attempt?: number;
  readonly account?: string;
  readonly aws?: readonly number[];
}

function reserve({ cluster, aws = [], ...wish }: Wish): Promise<string> {
  return test.store.names.reserveServerGroupName({
    account: wish.account ?? 'prod',
    region: 'eu-west-1',
    cluster,
    owner: { executionId: wish.executionId ?? `execution-${(executions += 1)}`, stage: 'deploy' },
    attempt: wish.attempt ?? 1,
    awsHighestSequence: aws.length === 0 ? null : Math.max(...aws),
    awsNames: aws.map((sequence) => `${cluster}-v${String(sequence).padStart(3, '0')}`),
  });
}

describe('reserveServerGroupName', () => {
  it('begins with v000, and above what AWS shows', async () => {
    expect(await reserve({ cluster: 'first' })).toBe('first-v000');
    expect(await reserve({ cluster: 'second', aws: [3, 7] })).toBe('second-v008');
  });

  it('gives the same owner and attempt the same name, whatever AWS shows by then', async () => {
    const wish = { cluster: 'same', executionId: 'mine' };
    expect(await reserve(wish)).toBe('same-v000');
    await reserve({ cluster: 'same' });
    expect(await reserve({ ...wish, aws: [0, 1, 9] })).toBe('same-v000');
    expect(await reserve({ ...wish, attempt: 2, aws: [0, 1, 9] })).toBe('same-v010');
  });

  it('never gives a name again that was destroyed or never made', async () => {
    await reserve({ cluster: 'burnt', aws: [4] });
    expect(await reserve({ cluster: 'burnt' })).toBe('burnt-v006');
  });

  it('tells the next name without reserving it', async () => {
    const names = { account: 'prod', region: 'eu-west-1', cluster: 'peek' };
    const peek = () =>
      test.store.names.peekServerGroupName({ ...names, awsHighestSequence: null, awsNames: [] });
    expect([await peek(), await peek()]).toEqual(['peek-v000', 'peek-v000']);
    await reserve({ cluster: 'peek' });
    expect(await peek()).toBe('peek-v001');
  });

  it('keeps accounts apart', async () => {
    await reserve({ cluster: 'apart' });
    expect(await reserve({ cluster: 'apart', account: 'test' })).toBe('apart-v000');
  });

  it('gives as many names as owners when all come at once', async () => {
    const names = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        reserve({ cluster: 'crowd', executionId: `crowd-${n % 30}` }),
      ),
    );
    expect(new Set(names).size).toBe(30);
    expect(names.slice(0, 30)).toEqual(names.slice(30));
    expect(names.toSorted().at(-1)).toBe('crowd-v029');
  });

  it('goes on with v000 after v999, passing over what exists on AWS', async () => {
    expect(await reserve({ cluster: 'round', aws: [998] })).toBe('round-v999');
    const aws = [0, 1, 3, 999];
    expect(await reserve({ cluster: 'round', aws })).toBe('round-v002');
    expect(await reserve({ cluster: 'round', aws })).toBe('round-v004');
    expect(await reserve({ cluster: 'round', aws: [...aws, 6] })).toBe('round-v005');
  });

  it('does not take a leftover from before the wrap-around for the newest number', async () => {
    expect(await reserve({ cluster: 'left', aws: [999] })).toBe('left-v000');
    expect(await reserve({ cluster: 'left', aws: [900, 999] })).toBe('left-v001');
    expect(await reserve({ cluster: 'left', aws: [20] })).toBe('left-v021');
  });

  it('says that a cluster is full', async () => {
    const aws = Array.from({ length: 1000 }, (_, sequence) => sequence);
    await expect(reserve({ cluster: 'full', aws })).rejects.toMatchObject({
      code: 'NAME_CONFLICT',
      message: expect.stringContaining('full has no free name') as string,
    });
  });
});
