import {
  clusterLockOf,
  errorCodes,
  GennakerError,
  isErrorCode,
  operationKey,
  parseExecutionId,
  type StageSpec,
} from '@gennaker/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const stage = { refId: 'a', name: 'a', requisiteStageRefIds: [], timeoutSeconds: 60 };

test('an execution id is a ULID in canonical form', () => {
  expect(parseExecutionId('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe('01ARZ3NDEKTSV4RRFFQ69G5FAV');
  const wrong = [
    '',
    '01arz3ndektsv4rrffq69g5fav',
    '81ARZ3NDEKTSV4RRFFQ69G5FAV',
    '01ARZ3NDEKTSV4RRFFQ69G5FA',
    '01ARZ3NDEKTSV4RRFFQ69G5FAVX',
    '01ARZ3NDEKTSV4RRFFQ69G5FAI',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV\n',
  ];
  expect(wrong.filter((text) => parseExecutionId(text) !== undefined)).toEqual([]);
});

test('a deploy locks its cluster, by its name, and nothing else locks anything', () => {
  const deploy: StageSpec = {
    ...stage,
    type: 'deploy',
    account: 'demo',
    region: 'eu-west-1',
    stack: 'prod',
    image: { imageId: 'ami-1' },
    strategy: { type: 'none' },
    targetHealthyPercent: 100,
    acceptNotCopied: [],
  };
  expect(clusterLockOf('web', deploy)).toEqual({
    account: 'demo',
    region: 'eu-west-1',
    cluster: 'web-prod',
  });
  expect(clusterLockOf('web', { ...stage, type: 'wait', waitSeconds: 1 })).toBeNull();
});

test('only own words are error codes', () => {
  expect(Object.keys(errorCodes).every(isErrorCode)).toBe(true);
  expect(['constructor', '__proto__', 'toString', '', null, 7].some(isErrorCode)).toBe(false);
});

test('an error has the retry class and level of its code, and keeps its cause', () => {
  const cause = new Error('why');
  const error = new GennakerError('AWS_THROTTLED', 'slow down', { cause, retryAfterSeconds: 3 });
  expect(error).toMatchObject({ retry: 'afterDelay', level: 'warn', retryAfterSeconds: 3, cause });
  expect(new GennakerError('INTERNAL', 'x')).toMatchObject({ details: {}, retry: 'later' });
  expect('cause' in new GennakerError('INTERNAL', 'x')).toBe(false);
});

test('two operations that differ have different keys', () => {
  const identity = fc.record({
    executionId: fc.string(),
    stage: fc.string(),
    attempt: fc.nat(),
    step: fc.string(),
    target: fc.string(),
  });
  fc.assert(
    fc.property(identity, identity, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(operationKey(one) === operationKey(other)).toBe(same);
    }),
  );
});
