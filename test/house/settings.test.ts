import { describe, expect, it } from 'vitest';

import { settings } from './documents/settings.js';

describe('settings', () => {
  it.each(['launcher', 'api', 'worker'])(
    'of the %s are found in what its room exports',
    (process) => {
      expect(settings().filter((setting) => setting.process === process)).not.toEqual([]);
    },
  );

  it('all say what they mean', () => {
    const silent = settings().filter(({ meaning }) => meaning === '');
    expect(silent.map(({ process, variable }) => `${process}: ${variable}`)).toEqual([]);
  });
});
