import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/*
 * The guard: a small process that outlives its owner by design. It learns over its standard input
 * which processes and folders belong to the owner, and when that pipe closes (the owner ended, by
 * whatever means) it ends what is left, the youngest first. It is one file without imports of ours,
 * because it is also run straight from its TypeScript source by the tests.
 */

interface Ward {
  readonly pid: number;
  readonly startedAt: string;
  readonly signal: NodeJS.Signals;
}

type Message =
  | ({ readonly kind: 'add' } & Ward)
  | { readonly kind: 'drop'; readonly pid: number }
  | { readonly kind: 'remove'; readonly folder: string };

const GRACE_MS = 8_000;
const LOOK_EVERY_MS = 25;
const wards = new Map<number, Ward>();
const folders = new Set<string>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => undefined);
}
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => note(JSON.parse(line) as Message));
lines.on('close', () => void endEverything());

function note(message: Message): void {
  if (message.kind === 'add') {
    wards.set(message.pid, message);
  } else if (message.kind === 'drop') {
    wards.delete(message.pid);
  } else {
    folders.add(message.folder);
  }
}

async function endEverything(): Promise<void> {
  for (const ward of [...wards.values()].toReversed()) {
    await end(ward);
  }
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function end(ward: Ward): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  send(ward, ward.signal);
  while (runs(ward) && Date.now() < deadline) {
    await new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS));
  }
  send(ward, 'SIGKILL');
}

function send(ward: Ward, signal: NodeJS.Signals): void {
  if (!runs(ward)) {
    return;
  }
  try {
    process.kill(ward.pid, signal);
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}

/** On Linux a reused process id is told by its start time; elsewhere the drop messages must do. */
function runs(ward: Ward): boolean {
  try {
    if (process.platform !== 'linux') {
      process.kill(ward.pid, 0);
      return true;
    }
    const stat = readFileSync(`/proc/${ward.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] !== 'Z' && ward.startedAt.endsWith(`:${fields[19]}`);
  } catch {
    return false;
  }
}
