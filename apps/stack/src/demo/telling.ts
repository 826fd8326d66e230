import type { Console } from '../setup/console.js';
import type { ApiClient } from './api-client.js';
import { createEventTeller } from './event-line.js';
import { followExecution } from './follow-execution.js';
import type { StreamedEvent } from './follow-execution.js';

/** Who tells, of what, and since when. */
export interface Telling {
  readonly api: ApiClient;
  readonly console: Console;
  readonly startedAt: number;
}

/** Enough for a deploy while there is capacity, and short enough for a demo while there is none. */
const EXECUTION_SECONDS = 120;

/** How an execution that was followed ended. */
export interface FollowedExecution {
  readonly id: string;
  readonly status: string;
  readonly position: number;
}

/** How one is followed. */
export interface WatchOptions {
  readonly after?: number;
  readonly name?: string;
  /** After which the demo gives up on it (two minutes). */
  readonly withinSeconds?: number;
  readonly onEvent?: (event: StreamedEvent['event']) => void;
}

/** Follows an execution to its end, aloud. A line that only repeats the one before is left out. */
export async function watch(
  story: Telling,
  id: string,
  { after = 0, name, onEvent, withinSeconds = EXECUTION_SECONDS }: WatchOptions = {},
): Promise<FollowedExecution> {
  const toWords = createEventTeller();
  let status = 'RUNNING';
  let last: string | undefined;
  const position = await followExecution({
    baseUrl: story.api.baseUrl,
    executionId: id,
    after,
    withinSeconds,
    onEvent: (streamed) => {
      const { event } = streamed;
      onEvent?.(event);
      if (event.kind === 'execution.finished') {
        status = String(event['status']);
      }
      const words = toWords(streamed);
      if (words !== undefined && words !== last) {
        last = words;
        tellLine(story, name === undefined ? words : `${name}: ${words}`);
      }
    },
  });
  return { id, status, position };
}

/** A line of its own, at the beginning of a part. */
export function tell({ console }: Telling, text: string): void {
  console.line(`\n${text}`);
}

/** A line with the seconds since the beginning. */
export function tellLine({ console, startedAt }: Telling, text: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6);
  console.line(`${seconds} s  ${text}`);
}
