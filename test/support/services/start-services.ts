import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  findFreePort,
  guardedRegistry,
  provideTemporal,
  silentProgress,
  startGuard,
  startPostgres,
  startTemporal,
} from '@gennaker/stack';
import type { Child, ChildRegistry } from '@gennaker/stack';

/** One service that a test may take away and give back on the same port and data. */
export interface TestService {
  /** Ends it in an orderly way. A second call does nothing. */
  readonly stop: () => Promise<void>;
  /** kill -9. A second call does nothing. */
  readonly kill: () => Promise<void>;
  /** Starts it again; resolves when it answers. Does nothing while it runs. */
  readonly start: () => Promise<void>;
}

/** A Temporal server and a PostgreSQL of their own, in a temporary folder, on free ports. */
export interface Services {
  /** host:port of Temporal's frontend; namespace `default` exists. */
  readonly temporalAddress: string;
  /** Connection string of the database `gennaker`, as a superuser. */
  readonly postgresUrl: string;
  /** Logs of both are below it, in `logs/`. */
  readonly folder: string;
  readonly temporal: TestService;
  readonly postgres: TestService;
  /** Ends both and removes the folder. */
  readonly close: () => Promise<void>;
}

/**
 * Starts both services and resolves when both answer (about a second and a half). When this process
 * is killed, whatever the signal, a guard ends them and removes the folder.
 * The data survive kill -9 of a service, but not a power cut.
 */
export async function startServices(): Promise<Services> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gennaker-test-'));
  const guard = startGuard();
  guard.removeAfterwards(folder);
  const registry = guardedRegistry(guard);
  const starts = [runPostgres(folder, registry), runTemporal(folder, registry)] as const;
  const [postgres, temporal] = await Promise.all(starts).catch(async (error: unknown) => {
    await Promise.allSettled(starts);
    await guard.close();
    throw error;
  });
  return {
    temporalAddress: temporal.address,
    postgresUrl: postgres.url,
    folder,
    temporal: temporal.service,
    postgres: postgres.service,
    close: async () => {
      await Promise.all([postgres.service.stop(), temporal.service.stop()]);
      await guard.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function runPostgres(
  folder: string,
  registry: ChildRegistry,
): Promise<{ readonly url: string; readonly service: TestService }> {
  const port = await findFreePort();
  const logFile = path.join(folder, 'logs', 'postgres.log');
  const options = {
    folder,
    logFile,
    port,
    database: 'gennaker',
    durable: false,
    env: process.env,
    registry,
  };
  const first = await startPostgres(options);
  const service = testService(first.child, async () => (await startPostgres(options)).child);
  return { url: first.url, service };
}

async function runTemporal(
  folder: string,
  registry: ChildRegistry,
): Promise<{ readonly address: string; readonly service: TestService }> {
  const binary = await provideTemporal({ env: process.env }, silentProgress);
  const port = await findFreePort();
  const options = {
    binary,
    databaseFile: path.join(folder, 'temporal.db'),
    logFile: path.join(folder, 'logs', 'temporal.log'),
    port,
    uiPort: undefined,
    env: process.env,
    registry,
  };
  const first = await startTemporal(options);
  const service = testService(first.child, async () => (await startTemporal(options)).child);
  return { address: first.address, service };
}

function testService(first: Child, startAgain: () => Promise<Child>): TestService {
  let child: Child | undefined = first;
  const end = async (how: (running: Child) => Promise<unknown>): Promise<void> => {
    const running = child;
    child = undefined;
    if (running !== undefined) {
      await how(running);
    }
  };
  return {
    stop: () => end((running) => running.stop()),
    kill: () => end((running) => running.kill()),
    start: async () => {
      child ??= await startAgain();
    },
  };
}
