import { fileURLToPath } from 'node:url';
import { createLeaseHeartbeat, createLeaseInterceptor, currentLease } from '@gennaker/activities';
import { GennakerError } from '@gennaker/domain';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeaseProbe } from '../../support/activities/lease-workflow.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const taskQueue = 'lease';
const ends: unknown[] = [];
let client: Client;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;

const probe: LeaseProbe = {
  stay: async () => {
    const lease = currentLease();
    await lease.held();
    lease.mayWrite();
    ends.push('held');
    await new Promise((resolve) => {
      lease.signal.addEventListener('abort', resolve, { once: true });
    });
    ends.push(refusalOf(lease.mayWrite));
    throw lease.signal.reason;
  },
};

function refusalOf(mayWrite: () => void): string {
  try {
    mayWrite();
    return 'allowed';
  } catch (error) {
    return error instanceof GennakerError ? error.code : String(error);
  }
}

beforeAll(async () => {
  const { address, namespace } = await createTestNamespace();
  client = new Client({ connection: await Connection.connect({ address }), namespace });
  connection = await NativeConnection.connect({ address });
  worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowsPath: fileURLToPath(
      new URL('../../support/activities/lease-workflow.ts', import.meta.url),
    ),
    activities: { ...probe },
    interceptors: {
      activity: [createLeaseInterceptor({ heartbeat: createLeaseHeartbeat(client) })],
    },
    maxHeartbeatThrottleInterval: '2s',
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await client.connection.close();
  await connection.close();
});

describe('the lease against a real Temporal', () => {
  it('is held, and a cancelled activity ends as cancelled within seconds', async () => {
    const started = performance.now();
    const result: unknown = await client.workflow.execute('cancelAfterASecond', {
      taskQueue,
      workflowId: 'cancelled',
    });
    expect(result).toBe('cancelled');
    expect(ends[0]).toBe('held');
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  it('is lost as soon as the workflow is gone', async () => {
    ends.length = 0;
    const handle = await client.workflow.start('keepIt', { taskQueue, workflowId: 'terminated' });
    await expect.poll(() => ends.length, { timeout: 10_000 }).toBe(1);
    await handle.terminate('by the test');
    await expect.poll(() => ends.length, { timeout: 10_000 }).toBe(2);
    // Our own heartbeat or the SDK's may be first to learn of it; either way nothing may be written.
    expect(String(ends[1])).toMatch(/LEASE_LOST|CancelledFailure/);
  });
});
