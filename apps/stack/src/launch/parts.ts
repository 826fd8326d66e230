import path from 'node:path';

import { definedVariables } from '../config/environment.js';
import type { StackSettings } from '../config/stack-settings.js';
import { LOOPBACK } from '../net/ports.js';
import { startPostgres } from '../postgres/server.js';
import type { PostgresServer } from '../postgres/server.js';
import { awaitReady } from '../process/await-ready.js';
import type { Child, ChildRegistry } from '../process/child.js';
import { endedEarly, startChild } from '../process/child.js';
import { silentProgress } from '../setup/progress.js';
import type { Progress } from '../setup/progress.js';
import { startTemporal } from '../temporal/server.js';
import type { TemporalServer } from '../temporal/server.js';
import type { PartName } from './child-ledger.js';
import type { Programs } from './programs.js';
import { probeReady } from './readiness.js';
import { seedEnvironment, serviceEnvironment } from './service-environment.js';
import type { ServiceAddresses } from './service-environment.js';

/** What every part is started with. */
export interface PartContext {
  readonly settings: StackSettings;
  readonly programs: Programs;
  readonly registry: ChildRegistry;
  /** False for data that are thrown away afterwards. */
  readonly durable: boolean;
}

/** API and worker are ready within three seconds; this is for a machine that is busy or cold. */
const READY_WITHIN_SECONDS = 60;

/** The log of a part. */
function logFileOf(settings: StackSettings, name: PartName): string {
  return path.join(settings.dataDir, 'logs', `${name}.log`);
}

/** Starts PostgreSQL; resolves when it answers. */
export async function runPostgres(context: PartContext): Promise<PostgresServer> {
  const { settings, registry, durable } = context;
  return startPostgres({
    folder: settings.dataDir,
    logFile: logFileOf(settings, 'postgres'),
    port: settings.ports.postgres,
    env: settings.env,
    database: 'gennaker',
    durable,
    registry,
  });
}

/** Starts the Temporal server; resolves when it serves. */
export async function runTemporal(context: PartContext, binary: string): Promise<TemporalServer> {
  const { settings, registry } = context;
  return startTemporal({
    binary,
    databaseFile: path.join(settings.dataDir, 'temporal', 'temporal.db'),
    logFile: logFileOf(settings, 'temporal'),
    port: settings.ports.temporal,
    uiPort: settings.ports.temporalUi,
    env: settings.env,
    registry,
  });
}

/** Where the stand-in keeps its world. */
export function standInDataFile(settings: StackSettings): string {
  return path.join(settings.dataDir, 'stand-in.json');
}

/** Starts the AWS stand-in; resolves when its health route answers. */
export async function runStandIn(context: PartContext): Promise<Child> {
  const { settings, programs } = context;
  return runProgram(context, {
    name: 'stand-in',
    file: programs.standIn,
    port: settings.ports.standIn,
    env: {
      ...definedVariables(settings.env),
      STAND_IN_HOST: LOOPBACK,
      STAND_IN_PORT: String(settings.ports.standIn),
      STAND_IN_TIME_SCALE: String(settings.standInScale),
      STAND_IN_DATA: standInDataFile(settings),
    },
  });
}

/** Runs the seed to its end. Throws a SetupFailure with its last words when it fails. */
export async function runSeed(context: PartContext, standInUrl: string): Promise<void> {
  const { settings, programs, registry } = context;
  const child = await startChild(
    {
      name: 'seed',
      command: process.execPath,
      args: [programs.seed],
      env: seedEnvironment(settings, standInUrl),
      logFile: logFileOf(settings, 'seed'),
      stopSignal: 'SIGTERM',
    },
    registry,
  );
  const exit = await child.exited;
  if (exit.code !== 0) {
    throw endedEarly(child, exit, [`Look into ${child.logFile}.`]);
  }
}

/** Which service, what it is to use, and who is told what it still waits for. */
export interface ServiceStart {
  readonly name: 'api' | 'worker';
  readonly addresses: ServiceAddresses;
  readonly progress?: Progress;
}

/** Starts the API or the worker; resolves when it says that it is ready. */
export async function runService(context: PartContext, service: ServiceStart): Promise<Child> {
  const { settings, programs } = context;
  const { name, addresses, progress = silentProgress } = service;
  return runProgram(context, {
    name,
    progress,
    file: programs[name],
    port: settings.ports[name],
    env: serviceEnvironment(settings, addresses),
  });
}

interface ProgramRun {
  readonly progress?: Progress;
  readonly name: 'stand-in' | 'api' | 'worker';
  readonly file: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

async function runProgram(context: PartContext, run: ProgramRun): Promise<Child> {
  const logFile = logFileOf(context.settings, run.name);
  const child = await startChild(
    {
      name: run.name,
      command: process.execPath,
      args: [run.file],
      env: run.env,
      logFile,
      stopSignal: 'SIGTERM',
    },
    context.registry,
  );
  await awaitReady(child, {
    withinSeconds: READY_WITHIN_SECONDS,
    remedies: [`Look into ${logFile}.`],
    attempt: () => probeReady(run.name, run.port),
    onWait: (found) => run.progress?.say(`the ${run.name} is not ready: ${found}`),
  });
  return child;
}
