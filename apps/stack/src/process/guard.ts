import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { ProcessIdentity } from './process-identity.js';

/** Ends our children when we are killed with a signal that nobody can handle. */
export interface Guard {
  /** From now on this process ends with us; `signal` is how it is asked to end. */
  readonly watch: (identity: ProcessIdentity, signal: NodeJS.Signals) => void;
  /** The process has ended by itself or by us. */
  readonly unwatch: (identity: ProcessIdentity) => void;
  /** This folder is removed when we are gone; for data that nobody wants afterwards. */
  readonly removeAfterwards: (folder: string) => void;
  /** Lets the guard do its work now and waits until it has. A second call does nothing more. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a guard for this process. It holds the other end of a pipe from us, which the kernel
 * closes however we end, kill -9 included.
 */
export function startGuard(): Guard {
  const own = fileURLToPath(import.meta.url);
  const fromSource = own.endsWith('.ts');
  const script = own.replace(/guard\.(ts|js)$/, 'guard-main.$1');
  const flags = fromSource ? ['--experimental-strip-types', '--no-warnings'] : [];
  const child = spawn(process.execPath, [...flags, script], {
    // Detached: a Ctrl-C or a kill of our process group must not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {},
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  child.unref();
  const tell = (...words: readonly (string | number)[]): void => {
    if (child.stdin.writable) {
      child.stdin.write(`${words.join('\t')}\n`);
    }
  };
  return {
    watch: (identity, signal) => tell('watch', identity.pid, identity.startedAt, signal),
    unwatch: ({ pid }) => tell('unwatch', pid),
    removeAfterwards: (folder) => tell('remove', folder),
    close: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
