import { temporalPlace, type Logger, type TemporalPlace } from '@gennaker/platform';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

import type { WorkerConfig } from './worker-config.js';

/** Both ways to Temporal: the worker's own, and the client's for heartbeats that are acknowledged and for locks. */
export interface TemporalConnections {
  readonly native: NativeConnection;
  readonly client: Client;
  close(): Promise<void>;
}

/** How long a start waits for Temporal before it gives up and says so. */
const startWaitMs = 120_000;
const pauseMs = 1_000;

/** Connects, trying again for two minutes and saying what it waits for. Throws what the last try threw. */
export async function connectTemporal(
  config: WorkerConfig,
  logger: Logger,
): Promise<TemporalConnections> {
  const { namespace, ...options } = temporalPlace(config);
  const deadline = Date.now() + startWaitMs;
  for (;;) {
    try {
      return await connected(options, namespace);
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      logger.warn({ address: options.address, err: error }, 'waiting for Temporal');
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function connected(
  options: Omit<TemporalPlace, 'namespace'>,
  namespace: string,
): Promise<TemporalConnections> {
  const native = await NativeConnection.connect(options);
  try {
    const connection = await Connection.connect(options);
    return {
      native,
      client: new Client({ connection, namespace }),
      close: async () => {
        await connection.close();
        await native.close();
      },
    };
  } catch (error) {
    await native.close();
    throw error;
  }
}
