import {
  dropClaim,
  emptyLockQueue,
  enqueueClaim,
  isSameClaim,
  lockTicket,
  type LockClaim,
  type LockQueue,
} from '@gennaker/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';

function claim(executionId: string, ticket = '1:1', name = 'deploy'): LockClaim {
  return { executionId, claim: name, ticket, since: '2026-01-01T00:00:00.000Z' };
}

function queueOf(...claims: readonly LockClaim[]): LockQueue {
  return claims.reduce(enqueueClaim, emptyLockQueue);
}

function inLine({ holder, waiting }: LockQueue): readonly string[] {
  return (holder === null ? [] : [holder, ...waiting]).map((one) => one.executionId);
}

test('first come, first served', () => {
  expect(inLine(queueOf(claim('a'), claim('b'), claim('c')))).toEqual(['a', 'b', 'c']);
});

test('the urgent go before the others, behind each other, and never past the holder', () => {
  const urgent = (executionId: string) => ({ ...claim(executionId), urgent: true });
  const queue = queueOf(claim('a'), claim('b'), urgent('c'), claim('d'), urgent('e'), urgent('c'));
  expect(inLine(queue)).toEqual(['a', 'c', 'e', 'b', 'd']);
  expect(inLine(dropClaim(queue, claim('a')))).toEqual(['c', 'e', 'b', 'd']);
});

test('two stages of one execution are two claims', () => {
  expect(inLine(queueOf(claim('a', '1:1', 'one'), claim('a', '1:1', 'two')))).toEqual(['a', 'a']);
});

test('the same claim keeps its place and gets the newer ticket', () => {
  const queue = queueOf(claim('a'), claim('b'), claim('c'), claim('b', '2:1'), claim('a', '1:2'));
  expect(inLine(queue)).toEqual(['a', 'b', 'c']);
  expect(queue.holder?.ticket).toBe('1:2');
  expect(queue.waiting[0]?.ticket).toBe('2:1');
});

test('an asking that a newer one has overtaken changes nothing', () => {
  const queue = queueOf(claim('a', '1:10'), claim('b', '3:1'));
  expect(enqueueClaim(queue, claim('a', '1:9'))).toBe(queue);
  expect(enqueueClaim(queue, claim('b', '2:7'))).toBe(queue);
});

test('the release of an older asking drops neither the holder nor who waits', () => {
  const queue = queueOf(claim('a', '2:1'), claim('b', '1:2'));
  expect(dropClaim(queue, claim('a', '1:9'))).toEqual(queue);
  expect(dropClaim(queue, claim('b', '1:1'))).toEqual(queue);
});

test('a holder that was resumed by a later run releases what an earlier ticket holds', () => {
  expect(dropClaim(queueOf(claim('a', '1:1')), claim('a', lockTicket(2, 1)))).toEqual(
    emptyLockQueue,
  );
});

const operation = fc.record({
  kind: fc.constantFrom('ask', 'drop'),
  who: fc.constantFrom('a', 'b', 'c', 'd'),
  ticket: fc
    .tuple(fc.nat(3), fc.nat(3))
    .map(([generation, attempt]) => lockTicket(generation, attempt)),
});

test('nobody waits without a holder, nobody is twice in line, and nobody is overtaken', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      let queue = emptyLockQueue;
      for (const { kind, who, ticket } of operations) {
        const before = inLine(queue);
        queue =
          kind === 'ask'
            ? enqueueClaim(queue, claim(who, ticket))
            : dropClaim(queue, claim(who, ticket));
        const now = inLine(queue);
        expect(queue.holder !== null || queue.waiting.length === 0).toBe(true);
        expect(new Set(now).size).toBe(now.length);
        const stayed = before.filter((one) => now.includes(one));
        expect(now.slice(0, stayed.length)).toEqual(stayed);
        expect(before.filter((one) => one !== who)).toEqual(now.filter((one) => one !== who));
      }
    }),
  );
});

test('the newest ticket of a claim always gets it out of the queue', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 20 }), (operations) => {
      const asked = operations.reduce(
        (queue, { who, ticket }) => enqueueClaim(queue, claim(who, ticket)),
        emptyLockQueue,
      );
      const dropped = dropClaim(asked, claim('a', '9:9'));
      const all = dropped.holder === null ? [] : [dropped.holder, ...dropped.waiting];
      expect(all.some((one) => isSameClaim(one, claim('a')))).toBe(false);
    }),
  );
});
