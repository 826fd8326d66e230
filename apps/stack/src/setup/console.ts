import type { Progress } from './progress.js';

/** Where the launcher writes its lines: a terminal, a pipe or a test. */
export interface Console {
  readonly line: (text: string) => void;
  /** Replaces the previous transient line on a terminal; an ordinary line elsewhere. */
  readonly transient: (text: string) => void;
}

/** What takes longer than a second says how far it is. */
const FIRST_PROGRESS_MS = 1_000;
/** Often enough to see that it lives, seldom enough to read. */
const PROGRESS_EVERY_MS = 1_000;
/** Where every progress line stays on the screen (a pipe), an unchanged one is repeated this seldom. */
const UNCHANGED_EVERY_MS = 5_000;

/** Writes to a stream; on a terminal progress overwrites itself. */
export function streamConsole(stream: NodeJS.WriteStream): Console {
  let transientShown = false;
  const clear = (): void => {
    if (transientShown) {
      stream.write('\r\u001B[2K');
      transientShown = false;
    }
  };
  return {
    line: (text) => {
      clear();
      stream.write(`${text}\n`);
    },
    transient: (text) => {
      if (!stream.isTTY) {
        stream.write(`${text}\n`);
        return;
      }
      clear();
      stream.write(text.slice(0, Math.max(20, stream.columns - 1)));
      transientShown = true;
    },
  };
}

/**
 * Runs one step of the set-up aloud: its title, a progress line each second once it takes longer
 * than one, and how long it took. An error goes through unchanged.
 */
export async function runStep<T>(
  console: Console,
  title: string,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  let detail = '';
  let printed = '';
  let printedAt = 0;
  console.line(`> ${title}`);
  const ticker = setInterval(() => {
    const elapsed = performance.now() - startedAt;
    if (elapsed < FIRST_PROGRESS_MS) {
      return;
    }
    if (detail === printed && elapsed - printedAt < UNCHANGED_EVERY_MS) {
      return;
    }
    printed = detail;
    printedAt = elapsed;
    console.transient(`    ${detail === '' ? 'working' : detail} (${seconds(elapsed)})`);
  }, PROGRESS_EVERY_MS);
  try {
    const result = await work({ say: (text) => (detail = text) });
    const outcome = detail === '' ? 'done' : detail;
    console.line(`  ${outcome} (${seconds(performance.now() - startedAt)})`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
