import {
  ActivityGoneError,
  ActivityLease,
  writeGraceMs,
  type LeaseHeartbeat,
} from '@gennaker/activities';
import { CancelledFailure } from '@temporalio/activity';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const heartbeatTimeoutMs = 3_000;

let clock: { monotonic: number; wall: number };
let cancellation: AbortController;
let answers: { cancelRequested: boolean } | Error;
let sent: number;
beforeEach(() => {
  vi.useFakeTimers();
  clock = { monotonic: 0, wall: 1_000_000 };
  cancellation = new AbortController();
  answers = { cancelRequested: false };
  sent = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

function lease(heartbeat: LeaseHeartbeat = answer): ActivityLease {
  return new ActivityLease({
    taskToken: new Uint8Array(),
    heartbeatTimeoutMs,
    heartbeat,
    clock: { monotonicMs: () => clock.monotonic, wallMs: () => clock.wall },
    cancellation: cancellation.signal,
  });
}

const answer: LeaseHeartbeat = async () => {
  sent += 1;
  if (answers instanceof Error) throw answers;
  return answers;
};

async function pass(ms: number): Promise<void> {
  clock.monotonic += ms;
  clock.wall += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

describe('the lease of an activity', () => {
  it('lets nothing be written before Temporal has acknowledged a heartbeat', async () => {
    const held = lease();
    expect(held.mayWrite).toThrow(expect.objectContaining({ code: 'LEASE_LOST' }));
    await held.held();
    expect(held.mayWrite).not.toThrow();
    held.close();
  });

  it('costs no heartbeat for an activity that never writes', async () => {
    const reader = lease();
    await pass(10_000);
    expect(sent).toBe(0);
    reader.close();
  });

  it('stays held while heartbeats are acknowledged', async () => {
    const held = lease();
    await held.held();
    for (let second = 0; second < 60; second += 1) {
      await pass(1_000);
      expect(held.mayWrite).not.toThrow();
    }
    held.close();
    const sentAtTheEnd = sent;
    await pass(10_000);
    expect(sent).toBe(sentAtTheEnd);
  });

  it('is lost when the last acknowledgement is older than half the heartbeat timeout, and comes back', async () => {
    const held = lease();
    await held.held();
    answers = new Error('Temporal does not answer');
    await pass(heartbeatTimeoutMs / 2);
    expect(held.mayWrite).not.toThrow();
    await pass(1);
    expect(held.mayWrite).toThrow(expect.objectContaining({ code: 'LEASE_LOST' }));
    answers = { cancelRequested: false };
    await pass(1_000);
    expect(held.mayWrite).not.toThrow();
    held.close();
  });

  it('counts from the sending of a heartbeat: a late reply does not make it younger', async () => {
    let reply: (() => void) | undefined;
    const slow: LeaseHeartbeat = () =>
      new Promise((resolve) => {
        reply = () => resolve({ cancelRequested: false });
      });
    const held = lease(slow);
    const first = held.held();
    clock.monotonic += heartbeatTimeoutMs / 2 + 1;
    reply?.();
    await first;
    expect(held.mayWrite).toThrow(expect.objectContaining({ code: 'LEASE_LOST' }));
    held.close();
  });

  it('is lost by a machine that slept, although its steady clock stood still', async () => {
    const held = lease();
    await held.held();
    clock.wall += 60_000;
    expect(held.mayWrite).toThrow(expect.objectContaining({ code: 'LEASE_LOST' }));
    held.close();
  });

  it('gives up waiting after a whole heartbeat timeout', async () => {
    answers = new Error('Temporal does not answer');
    const never = lease();
    const waiting = never.held().catch((error: unknown) => error);
    await pass(heartbeatTimeoutMs);
    expect(await waiting).toMatchObject({ code: 'LEASE_LOST' });
    never.close();
  });

  it('ends the activity when Temporal no longer knows it', async () => {
    const held = lease();
    await held.held();
    answers = new ActivityGoneError('gone');
    await pass(1_000);
    expect(held.signal.aborted).toBe(true);
    expect(held.signal.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(held.cancelRequested).toBe(false);
    held.close();
  });

  it('learns of a cancellation by its own heartbeat', async () => {
    const held = lease();
    await held.held();
    answers = { cancelRequested: true };
    await pass(1_000);
    expect(held.signal.reason).toBeInstanceOf(CancelledFailure);
    expect(held.cancelRequested).toBe(true);
    expect(held.mayWrite).toThrow(CancelledFailure);
    held.close();
  });

  it('lets a write that has left come to its end before it is torn off, and sends no other', async () => {
    const held = lease();
    await held.held();
    cancellation.abort(new CancelledFailure('CANCELLED'));
    expect(held.mayWrite).toThrow(CancelledFailure);
    await pass(writeGraceMs - 1);
    expect(held.writeSignal.aborted).toBe(false);
    await pass(1);
    expect(held.writeSignal.reason).toBeInstanceOf(CancelledFailure);
    held.close();
  });

  it('ends with the activity’s own cancellation', async () => {
    const held = lease();
    await held.held();
    cancellation.abort(new CancelledFailure('CANCELLED'));
    expect(held.mayWrite).toThrow(CancelledFailure);
    await expect(held.held()).rejects.toBeInstanceOf(CancelledFailure);
    held.close();
  });
});
