import { withFailureMapping } from '@gennaker/activities';
import { GennakerError, type ErrorParts, type ErrorCode } from '@gennaker/domain';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
} from '@temporalio/common';
import { describe, expect, it } from 'vitest';

/** What leaves an activity that throws this. */
async function thrown(error: unknown): Promise<unknown> {
  const { act } = withFailureMapping({
    act: async (_input: string): Promise<string> => {
      throw error;
    },
  });
  return act('in').catch((failure: unknown) => failure);
}

async function failureOf(code: ErrorCode, parts: ErrorParts = {}): Promise<ApplicationFailure> {
  const failure = await thrown(new GennakerError(code, 'what happened', parts));
  if (failure instanceof ApplicationFailure) return failure;
  throw new Error(`not an application failure: ${String(failure)}`);
}

describe('withFailureMapping', () => {
  it('gives results and arguments through', async () => {
    const { twice } = withFailureMapping({ twice: async (n: number) => n * 2 });
    expect(await twice(21)).toBe(42);
  });

  it('carries code, message and details', async () => {
    const failure = await failureOf('NAME_CONFLICT', { details: { serverGroup: 'web-v001' } });
    expect(failure.type).toBe('NAME_CONFLICT');
    expect(failure.details).toEqual([
      { code: 'NAME_CONFLICT', message: 'what happened', details: { serverGroup: 'web-v001' } },
    ]);
  });

  it.each([
    ['AWS_DENIED', true],
    ['SERVICE_UNAVAILABLE', false],
    ['AWS_THROTTLED', false],
    ['SUPERSEDED', true],
  ] as const)('of %s: never retried is %s', async (code, nonRetryable) => {
    expect((await failureOf(code)).nonRetryable).toBe(nonRetryable);
  });

  it('delays the next try where the error says how long', async () => {
    const throttled = await failureOf('AWS_THROTTLED', { retryAfterSeconds: 7 });
    expect(throttled.nextRetryDelay).toBe(7000);
    expect((await failureOf('AWS_THROTTLED')).nextRetryDelay).toBeUndefined();
  });

  it.each([
    ['SERVICE_UNAVAILABLE', ApplicationFailureCategory.BENIGN],
    ['PRECONDITION_FAILED', ApplicationFailureCategory.BENIGN],
    ['AWS_DENIED', undefined],
  ] as const)('raises an alarm for what a person must act on only: %s', async (code, category) => {
    expect((await failureOf(code)).category ?? undefined).toBe(category);
  });

  it('makes an unknown error INTERNAL, which is tried again', async () => {
    const failure = await thrown(new TypeError('x is not a function'));
    expect(failure).toMatchObject({ type: 'INTERNAL', details: [{ code: 'INTERNAL' }] });
    expect((failure as ApplicationFailure).nonRetryable ?? false).toBe(false);
  });

  it('lets a cancellation through untouched', async () => {
    const cancelled = new CancelledFailure('cancelled');
    expect(await thrown(cancelled)).toBe(cancelled);
  });
});
