import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';

import { SetupFailure } from '../setup/setup-failure.js';
import { logTail } from './log-tail.js';
import { findProcess, isRunning, signalProcess } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

/** How a child process is started and how it is asked to end. */
export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The child writes there by itself, so that its words survive our own death. */
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  readonly identity?: { readonly uid: number; readonly gid: number };
  readonly cwd?: string;
}

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running child process. */
export interface Child {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  /** Settles once, when the process has ended. Never rejects. */
  readonly exited: Promise<ChildExit>;
  readonly hasExited: () => boolean;
  /** Asks it to end, waits, kills it after {@link STOP_SECONDS}. A second call waits for the same end. */
  readonly stop: () => Promise<ChildExit>;
  /** kill -9. */
  readonly kill: () => Promise<ChildExit>;
}

/** Who is told of each child process the moment it exists, so that none can be forgotten. */
export interface ChildRegistry {
  /** Called before a child is started; throws when no more may be started. */
  readonly admit: () => void;
  readonly add: (child: Child) => void;
  readonly drop: (child: Child) => void;
}

/** How long a child may take to end before it is killed. */
const STOP_SECONDS = 30;

/**
 * Starts a process in its own process group (a Ctrl-C is answered by us, in our order), its output
 * in its log file. Throws a {@link SetupFailure} when the program cannot be started at all.
 */
export async function startChild(spec: ChildSpec, registry: ChildRegistry): Promise<Child> {
  registry.admit();
  mkdirSync(path.dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'a', 0o600);
  const child = spawn(spec.command, [...spec.args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...spec.env },
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...spec.identity,
  });
  closeSync(log);
  let exit: ChildExit | undefined;
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(cannotStart(spec, cause)));
  });
  // A process that has ended already has no start time any more; nobody can be mistaken for it.
  const pid = child.pid ?? 0;
  const identity = findProcess(pid) ?? { pid, startedAt: 'ended' };
  const end = async (signal: NodeJS.Signals): Promise<ChildExit> => {
    signalProcess(identity, signal);
    const killer = setTimeout(() => signalProcess(identity, 'SIGKILL'), STOP_SECONDS * 1_000);
    const result = await exited;
    clearTimeout(killer);
    return result;
  };
  const started: Child = {
    name: spec.name,
    process: identity,
    logFile: spec.logFile,
    stopSignal: spec.stopSignal,
    exited,
    hasExited: () => exit !== undefined || !isRunning(identity),
    stop: () => end(spec.stopSignal),
    kill: () => end('SIGKILL'),
  };
  registry.add(started);
  void exited.then(() => registry.drop(started));
  return started;
}

/** The failure of a child that ended although it should run, with the last of what it said. */
export function endedEarly(
  child: Child,
  exit: ChildExit,
  remedies: readonly string[],
): SetupFailure {
  const how = exit.signal === null ? `with status ${exit.code ?? '?'}` : `by ${exit.signal}`;
  const tail = logTail(child.logFile);
  return new SetupFailure({
    step: `start ${child.name}`,
    why: `it ended ${how}. The last of ${child.logFile}:\n${tail}`,
    remedies,
  });
}

function cannotStart(spec: ChildSpec, cause: Error): SetupFailure {
  return new SetupFailure({
    step: `start ${spec.name}`,
    why: `${spec.command} cannot be run: ${cause.message}`,
    remedies: ['Run "npm ci" again; it puts every program in place.'],
    cause,
  });
}
