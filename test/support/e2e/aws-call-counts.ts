import type { ManagedProcess } from './managed-process.js';

/** AWS calls by action that activities made themselves: every change, and every read that is not a shared look. */
export type CallCounts = Readonly<Record<string, number>>;

/** Reads the worker's own count of its AWS calls, without those of the shared reader. */
export async function readCallCounts(worker: ManagedProcess): Promise<CallCounts> {
  const text = await (await fetch(`${worker.url}/metrics`)).text();
  const counts: Record<string, number> = {};
  for (const line of text.split('\n')) {
    if (!line.startsWith('gennaker_aws_calls_total{') || !line.includes('made_by="caller"'))
      continue;
    const action = /[{,]action="(?<action>\w+)"/.exec(line)?.groups?.['action'] ?? '';
    counts[action] = (counts[action] ?? 0) + Number(line.slice(line.lastIndexOf(' ')));
  }
  return counts;
}

/** What came between two readings. */
export function callsBetween(before: CallCounts, after: CallCounts): CallCounts {
  const grown = Object.entries(after).map(([action, count]): [string, number] => [
    action,
    count - (before[action] ?? 0),
  ]);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}

/** All of them. */
export function sumOf(counts: CallCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
