import { describe, expect, it } from 'vitest';

import { settings } from './documents/settings.js';

describe('settings', () => {
  it.each(['launcher', 'api', 'worker'])(
    'of the %s are found in what its room exports',
    (process) => {
      expect(settings().filter((setting) => setting.process === process)).not.toEqual([]);
    },
  );

  it('all say what they mean, at least in one of the processes that read them', () => {
    const explained = new Set(
      settings().flatMap(({ variable, meaning }) => (meaning === '' ? [] : [variable])),
    );
    const silent = settings().filter(({ variable }) => !explained.has(variable));
    expect([...new Set(silent.map(({ variable }) => variable))]).toEqual([]);
  });
});
