import { describe, expect, it } from 'vitest';

import { namedNumbers } from './documents/named-numbers.js';

describe('defaults and bounds', () => {
  it('are found in every room that waits or counts', () => {
    const files = new Set(namedNumbers().map(({ file }) => file.split('/src/')[0]));
    expect([...files]).toEqual(
      expect.arrayContaining(['libs/aws', 'libs/contract', 'libs/store', 'workflows']),
    );
  });

  it('have a comment that gives the reason', () => {
    const without = namedNumbers().filter(({ reason }) => reason === '');
    expect(without.map(({ name, file }) => `${file}: ${name}`)).toEqual([]);
  });
});
