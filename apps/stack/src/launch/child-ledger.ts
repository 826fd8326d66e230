import type { Child, ChildRegistry } from '../process/child.js';
import type { Guard } from '../process/guard.js';
import { findProcess } from '../process/process-identity.js';
import { writeRunRecord } from '../process/run-record.js';
import type { RecordedChild } from '../process/run-record.js';

/** The parts in the order of their start; they stop in reverse. */
export const PART_ORDER = ['postgres', 'temporal', 'stand-in', 'seed', 'api', 'worker'] as const;

/** One of the child processes of a stack. */
export type PartName = (typeof PART_ORDER)[number];

/** Every child process of one start: known to the guard and to `run.json` from its first moment. */
export interface ChildLedger extends ChildRegistry {
  /** Admits no more children and ends those that run, the last part first. */
  readonly stopAll: (say: (text: string) => void) => Promise<void>;
  /** kill -9 to every child at once. */
  readonly killAll: () => Promise<void>;
}

/** What a ledger writes to. */
export interface LedgerOptions {
  readonly recordFile: string;
  readonly guard: Guard;
  readonly ports: Readonly<Partial<Record<string, number>>>;
}

/** Thrown by a start of a child after the stack was told to stop. */
export class StackIsStopping extends Error {
  constructor() {
    super('the stack is stopping');
    this.name = 'StackIsStopping';
  }
}

/** An empty ledger; it writes the first record at once. */
export function createChildLedger(options: LedgerOptions): ChildLedger {
  const launcher = findProcess(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  const children = new Set<Child>();
  let open = true;
  const record = (): void => {
    const listed = [...children].map((child) => recordOf(child, options.ports[child.name] ?? null));
    writeRunRecord(options.recordFile, { launcher, children: listed });
  };
  record();
  return {
    admit: () => {
      if (!open) {
        throw new StackIsStopping();
      }
    },
    add: (child) => {
      children.add(child);
      options.guard.watch(child.process, child.stopSignal);
      record();
    },
    drop: (child) => {
      children.delete(child);
      options.guard.unwatch(child.process);
      record();
    },
    stopAll: async (say) => {
      open = false;
      for (let last = lastOf(children); last !== undefined; last = lastOf(children)) {
        say(`stopping ${last.name}`);
        await last.stop();
        children.delete(last);
      }
    },
    killAll: async () => {
      open = false;
      await Promise.all([...children].map((child) => child.kill()));
    },
  };
}

/** A part that was restarted is the youngest process, yet keeps its place in the order. */
function lastOf(children: ReadonlySet<Child>): Child | undefined {
  return [...children].toSorted((a, b) => rank(b) - rank(a))[0];
}

function rank(child: Child): number {
  return PART_ORDER.findIndex((name) => name === child.name);
}

function recordOf(child: Child, port: number | null): RecordedChild {
  const stopSignal = child.stopSignal === 'SIGINT' ? 'SIGINT' : 'SIGTERM';
  return { name: child.name, ...child.process, port, stopSignal };
}
