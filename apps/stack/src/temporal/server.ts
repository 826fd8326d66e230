import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { hostEnvironment } from '../config/environment.js';
import type { Environment } from '../config/environment.js';
import { knock, LOOPBACK } from '../net/ports.js';
import { awaitReady } from '../process/await-ready.js';
import { startChild } from '../process/child.js';
import type { Child, ChildRegistry } from '../process/child.js';

/** Where the embedded Temporal server keeps its data and listens. */
export interface TemporalOptions {
  /** The pinned CLI, as `provideTemporal` gives it. */
  readonly binary: string;
  readonly databaseFile: string;
  readonly logFile: string;
  readonly port: number;
  /** Undefined runs without the web page. */
  readonly uiPort: number | undefined;
  readonly env: Environment;
  readonly registry: ChildRegistry;
}

/** A Temporal server that answers. */
export interface TemporalServer {
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly child: Child;
}

/** It is ready within half a second; this is for a busy machine and a large file. */
const READY_WITHIN_SECONDS = 60;
/** A server that lives answers its health check within milliseconds. */
const HEALTH_TIMEOUT_MS = 10_000;

/**
 * The settings of an embedded server. With the server's defaults each activity costs 100 ms (one
 * shard, 20 queue reads a second) and timers come up to a second late; with these 11 ms and 5 ms.
 * Operators of their own cluster set the same.
 */
export const TEMPORAL_DYNAMIC_CONFIG: Readonly<Record<string, string>> = {
  'history.transferProcessorMaxPollRPS': '2000',
  'history.timerProcessorMaxPollRPS': '2000',
  'history.visibilityProcessorMaxPollRPS': '2000',
  'history.timerProcessorMaxTimeShift': '"5ms"',
  'system.enableActivityEagerExecution': 'true',
};

/**
 * Starts `temporal server start-dev` on a database file (write-ahead log, synchronous=2: a kill -9
 * loses nothing) and waits until its frontend reports SERVING. The namespace `default` exists.
 * Throws a SetupFailure.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  mkdirSync(path.dirname(options.databaseFile), { recursive: true });
  const child = await startChild(
    {
      name: 'temporal',
      command: options.binary,
      args: serverArguments(options),
      env: hostEnvironment(options.env),
      logFile: options.logFile,
      stopSignal: 'SIGTERM',
    },
    options.registry,
  );
  const address = `${LOOPBACK}:${options.port}`;
  await awaitReady(child, {
    withinSeconds: READY_WITHIN_SECONDS,
    remedies: [`Look into ${options.logFile}.`, 'Or set TEMPORAL_ADDRESS to a server of your own.'],
    attempt: async () => {
      await knock(options.port);
      await askHealth(options, address);
    },
  });
  const uiUrl = options.uiPort === undefined ? undefined : `http://${LOOPBACK}:${options.uiPort}`;
  return { address, uiUrl, child };
}

function serverArguments(options: TemporalOptions): readonly string[] {
  return [
    'server',
    'start-dev',
    '--disable-config-file',
    '--disable-config-env',
    '--log-format=json',
    '--log-level=warn',
    `--db-filename=${options.databaseFile}`,
    '--sqlite-pragma=journal_mode=wal',
    '--sqlite-pragma=synchronous=2',
    `--ip=${LOOPBACK}`,
    `--port=${options.port}`,
    options.uiPort === undefined ? '--headless' : `--ui-port=${options.uiPort}`,
    ...Object.entries(TEMPORAL_DYNAMIC_CONFIG).map(
      ([key, value]) => `--dynamic-config-value=${key}=${value}`,
    ),
  ];
}

/** `temporal operator cluster health` is the gRPC health check of the frontend service. */
async function askHealth(options: TemporalOptions, address: string): Promise<void> {
  const args = ['operator', 'cluster', 'health', '--address', address];
  const { stdout } = await promisify(execFile)(
    options.binary,
    [...args, '--disable-config-file', '--disable-config-env', '--command-timeout', '5s'],
    { timeout: HEALTH_TIMEOUT_MS, env: hostEnvironment(options.env) },
  );
  if (!stdout.includes('SERVING')) {
    throw new Error(`the frontend says ${stdout.trim()}`);
  }
}
