import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorOf } from './stand-in.js';
import { errors, read, requests, startWatched, traffic, type Watched } from './watched.js';

let watched: Watched;

beforeEach(async () => {
  watched = await startWatched();
});

afterEach(async () => {
  await watched.close();
});

describe('metric math', () => {
  test.each([
    ['errors / requests * 100', [[1, 10]]],
    [
      'FILL(errors, 0) / requests',
      [
        [0, 0],
        [1, 0.1],
        [3, 0],
      ],
    ],
    [
      'SUM([errors, requests])',
      [
        [0, 100],
        [1, 55],
        [3, 200],
      ],
    ],
    [
      'SUM(METRICS())',
      [
        [0, 100],
        [1, 55],
        [3, 200],
      ],
    ],
    [
      'AVG(METRICS("req"))',
      [
        [0, 100],
        [1, 50],
        [3, 200],
      ],
    ],
    [
      'MAX(METRICS()) - MIN(METRICS())',
      [
        [0, 0],
        [1, 45],
        [3, 0],
      ],
    ],
    [
      'IF(requests > 60, requests, 0)',
      [
        [0, 100],
        [1, 0],
        [3, 200],
      ],
    ],
    [
      'IF(FILL(errors, 0) > 0 AND requests < 60, 1, 0)',
      [
        [0, 0],
        [1, 1],
        [3, 0],
      ],
    ],
    [
      'requests - AVG(requests) + 2 ^ 3',
      [
        [0, 100 - 350 / 3 + 8],
        [1, 50 - 350 / 3 + 8],
        [3, 200 - 350 / 3 + 8],
      ],
    ],
    [
      'RATE(requests)',
      [
        [1, -50 / 60],
        [3, 150 / 120],
      ],
    ],
    [
      'DIFF(requests)',
      [
        [1, -50],
        [3, 150],
      ],
    ],
    [
      'FILL(requests, REPEAT)',
      [
        [0, 100],
        [1, 50],
        [2, 50],
        [3, 200],
        [4, 200],
      ],
    ],
    [
      'FILL(requests, LINEAR)',
      [
        [0, 100],
        [1, 50],
        [2, 125],
        [3, 200],
        [4, 200],
      ],
    ],
    [
      'requests / (requests - 50)',
      [
        [0, 2],
        [3, 200 / 150],
      ],
    ],
    ['-errors', [[1, -5]]],
    [
      'requests / PERIOD(requests)',
      [
        [0, 100 / 60],
        [1, 50 / 60],
        [3, 200 / 60],
      ],
    ],
  ])('%s', async (Expression, expected) => {
    await traffic(watched);
    expect(await read(watched, errors, requests, { Id: 'e', Expression })).toEqual(expected);
  });

  test('lets an expression name one that comes after it', async () => {
    await traffic(watched);
    const double = { Id: 'd', Expression: 'requests * 2', ReturnData: false };
    expect(await read(watched, { Id: 'e', Expression: 'd + 1' }, double, requests)).toEqual([
      [0, 201],
      [1, 101],
      [3, 401],
    ]);
  });

  test.each([
    ['an unknown id', 'nothing + 1', /unknown id 'nothing'/],
    ['an unknown function', 'FORECAST(errors)', /unknown function/],
    ['a broken expression', 'errors / (requests', /missing/],
    ['a scalar as the result', 'AVG(requests)', /must be a time series/],
    ['a circle', 'e + 1', /circle/],
  ])('refuses %s', async (_, Expression, message) => {
    await traffic(watched);
    expect(await errorOf(read(watched, errors, requests, { Id: 'e', Expression }))).toMatch(
      message,
    );
  });
});
