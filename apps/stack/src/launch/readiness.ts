import { LOOPBACK } from '../net/ports.js';

/**
 * The contract between the launcher and the programs that it starts: a program is ready when this
 * path of its own port on 127.0.0.1 answers 200. Standard output is for the log alone.
 */
export const READY_PATHS = {
  /** The API: schema at its version, Temporal and PostgreSQL reached. Port GENNAKER_API_PORT. */
  api: '/health/ready',
  /** The worker: every task queue polled. Port GENNAKER_WORKER_PORT. */
  worker: '/health/ready',
  /** The stand-in: LocalStack's own health route. Port STAND_IN_PORT. */
  'stand-in': '/_localstack/health',
} as const;

/** A process that is alive answers its health route within milliseconds. */
const ANSWER_TIMEOUT_MS = 2_000;
const WORDS_SHOWN = 300;

/** One look: resolves when the program is ready, rejects with its answer when it is not. */
export async function probeReady(part: keyof typeof READY_PATHS, port: number): Promise<void> {
  const url = `http://${LOOPBACK}:${port}${READY_PATHS[part]}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  const body = await response.text();
  if (!response.ok) {
    throw new Error(`${url} answers ${response.status}: ${body.slice(0, WORDS_SHOWN)}`);
  }
}
