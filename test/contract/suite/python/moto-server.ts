import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { contractSettings } from '../../../support/contract/settings.js';
import { pythonFolder, run, type PythonEnvironment } from './environment.js';

export interface MotoServer {
  readonly url: string;
  /** What it answers: `ec2:RunInstances` and the like. */
  readonly operations: ReadonlySet<string>;
  /** Ends the process. A second call does nothing. */
  readonly close: () => Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** No images by default: every account of moto would get some five hundred of them, and no scenario needs one. */
const LEAN = { MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' } as const;

/** Starts moto on a port that is free; resolves when it listens. */
export async function startMoto(environment: PythonEnvironment): Promise<MotoServer> {
  const listing = await run(
    environment.python,
    [path.join(pythonFolder, 'operations.py')],
    START_TIMEOUT_MS,
  );
  const child = spawn(environment.python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    env: { ...contractSettings().hostEnvironment, ...LEAN },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const url = await addressOf(child);
  return {
    url,
    operations: new Set(listing.trim().split('\n')),
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => fail('did not say in time where it listens'), START_TIMEOUT_MS);
    const fail = (what: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`moto ${what}: ${text.slice(-2000)}`));
    };
    child.once('exit', () => fail('has ended'));
    child.once('error', (error) => fail(error.message));
    child.stderr?.on('data', (chunk: Buffer) => {
      if (text.length < 100_000) text += chunk.toString('utf8');
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}
