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
  readonly signal: string;
}

/** What children get to end by themselves once their parent is dead. */
const GRACE_MS = 8_000;
/** How often the end of a process is looked for; nobody feels a tenth of a second. */
const LOOK_EVERY_MS = 25;
const wards = new Map<number, Ward>();
const folders = new Set<string>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => undefined);
}
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => note(line.split('\t')));
lines.on('close', () => void endEverything());

/** A message is one line of words with tabs between them; the first says what it is about. */
function note([kind, ...words]: readonly string[]): void {
  const [first = '', startedAt = '', signal = ''] = words;
  if (kind === 'watch') {
    wards.set(Number(first), { pid: Number(first), startedAt, signal });
  } else if (kind === 'unwatch') {
    wards.delete(Number(first));
  } else if (kind === 'remove') {
    folders.add(first);
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

function send(ward: Ward, signal: string): void {
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
