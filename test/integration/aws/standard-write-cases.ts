import type { CallOptions } from '@gennaker/aws';
import { GennakerError } from '@gennaker/domain';
import { describe, expect, test } from 'vitest';
import { asWrite, denied, textLike, type AwsBench } from './aws-bench.js';
import { outcomeOf } from './write-requests.js';

/** One write, and what it says in the standard cases. */
export interface WriteCase {
  readonly action: string;
  readonly prepare: () => Promise<void>;
  readonly run: (options: CallOptions) => Promise<unknown>;
  /** What the same call says when it is already done. */
  readonly again: unknown;
  /** What it says when its subject is not there; absent: it has none. */
  readonly vanished?: { readonly prepare: () => Promise<void>; readonly outcome: unknown };
}

/** The standard cases of every write: fresh, already done, reply lost, throttled, denied, lease lost, subject vanished. */
export function testWrites(benchOf: () => AwsBench, writes: readonly WriteCase[]): void {
  describe.each(writes)('$action', (write) => {
    test('is one call, asked for right before it leaves, and harmless when repeated', async () => {
      await write.prepare();
      await benchOf().calls();
      const asked: string[] = [];
      const first = await write.run({
        priority: 'write',
        mayWrite: () => void asked.push('asked'),
      });
      expect(first ?? {}).not.toHaveProperty('code');
      expect((await benchOf().calls()).map(({ action }) => action)).toEqual([write.action]);
      expect(asked).toEqual(['asked']);
      const again = await outcomeOf(write.run(asWrite));
      expect(again ?? 'done').toEqual(write.again);
    });

    test('does not leave once the lease is lost', async () => {
      await write.prepare();
      await benchOf().calls();
      const mayWrite = (): void => {
        throw new GennakerError('LEASE_LOST', 'The last heartbeat is too old.');
      };
      const outcome = await outcomeOf(write.run({ priority: 'write', mayWrite }));
      expect(outcome).toMatchObject({ code: 'LEASE_LOST' });
      expect(await benchOf().calls()).toEqual([]);
    });

    test('says that the outcome is unknown when the reply is lost, and a repeat is harmless', async () => {
      await write.prepare();
      await benchOf().fault({
        match: { action: write.action },
        point: 'after',
        effect: { kind: 'reset' },
        times: 1,
      });
      expect(await outcomeOf(write.run(asWrite))).toMatchObject({ code: 'AWS_UNAVAILABLE' });
      const again = await outcomeOf(write.run(asWrite));
      expect(again ?? 'done').toEqual(write.again);
    });
  });
  testRefusedWrites(benchOf, writes);
}

function testRefusedWrites(benchOf: () => AwsBench, writes: readonly WriteCase[]): void {
  describe.each(writes)('$action', (write) => {
    test('is throttled as a passing trouble and sent once', async () => {
      await write.prepare();
      await benchOf().calls();
      await benchOf().fault({
        match: { action: write.action },
        effect: { kind: 'throttle' },
        times: 1,
      });
      expect(await outcomeOf(write.run(asWrite))).toMatchObject({ code: 'AWS_THROTTLED' });
      expect(await benchOf().calls()).toHaveLength(1);
    });

    test('names action, resource and role when it is denied', async () => {
      await write.prepare();
      await benchOf().fault({ match: { action: write.action }, effect: denied });
      expect(await outcomeOf(write.run(asWrite))).toMatchObject({
        code: 'AWS_DENIED',
        details: {
          action: write.action,
          account: 'prod',
          role: 'arn:aws:sts::111111111111:assumed-role/deployer/gennaker',
          requestId: textLike(/./),
          resource: textLike(/./),
        },
      });
    });
  });

  test.each(writes.filter(({ vanished }) => vanished !== undefined))(
    '$action says so when its subject has vanished',
    async (write) => {
      await write.vanished?.prepare();
      const outcome = await outcomeOf(write.run(asWrite));
      expect(outcome).toMatchObject(write.vanished?.outcome as object);
    },
  );
}
