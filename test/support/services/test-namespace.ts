import { randomBytes } from 'node:crypto';

import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { inject } from 'vitest';

import './global-setup.js';

/** A Temporal namespace that only its test file uses, so that fixed task queue names cannot clash. */
export interface TestNamespace {
  readonly address: string;
  readonly namespace: string;
}

const RETENTION = '1 day';

/** Makes a namespace on the shared Temporal server; workers and clients may use it at once. */
export async function createTestNamespace(): Promise<TestNamespace> {
  const { temporalAddress } = inject('services');
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs(RETENTION),
    });
  } finally {
    await connection.close();
  }
  return { address: temporalAddress, namespace };
}
