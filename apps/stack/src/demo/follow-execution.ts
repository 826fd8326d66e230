import { setTimeout as pause } from 'node:timers/promises';

import { storedEventSchema } from '@gennaker/contract';
import { ZodError } from 'zod';
import type { z } from 'zod';

import { StoryFailure } from './story-failure.js';

/** One event of an execution, as the stream gives it. */
export type StreamedEvent = z.output<typeof storedEventSchema>;

/** What to follow and from where. */
export interface FollowOptions {
  readonly baseUrl: string;
  readonly executionId: string;
  /** The position of the last event that is known; 0 for all. */
  readonly after: number;
  readonly onEvent: (event: StreamedEvent) => void;
  readonly withinSeconds: number;
}

/** Short enough that nobody sees a stream break, long enough not to hammer an API that restarts. */
const RECONNECT_PAUSE_MS = 250;

/**
 * Follows the server-sent events of an execution until it has finished behind `after`, connecting
 * again with Last-Event-ID where the connection breaks. An end of the stream without a finish is no
 * end: right after a retry was accepted the stream may still speak of the run before. Gives the
 * position of the last event. Throws a StoryFailure when that takes longer than `withinSeconds`.
 */
export async function followExecution(options: FollowOptions): Promise<number> {
  const limit = AbortSignal.timeout(options.withinSeconds * 1_000);
  let position = options.after;
  let finished = false;
  const onEvent = (event: StreamedEvent): void => {
    finished = event.event.kind === 'execution.finished';
    options.onEvent(event);
  };
  while (!limit.aborted) {
    const read = await readStream({ ...options, onEvent }, position, limit);
    position = read.position;
    if (read.ended && finished) {
      return position;
    }
    await pause(RECONNECT_PAUSE_MS);
  }
  throw new StoryFailure(
    `execution ${options.executionId} had not finished after ${options.withinSeconds} s`,
  );
}

/** Reads one connection until the end of the execution, or until it breaks. */
async function readStream(
  options: FollowOptions,
  after: number,
  limit: AbortSignal,
): Promise<{ readonly position: number; readonly ended: boolean }> {
  let position = after;
  try {
    for await (const message of openStream(options, position, limit)) {
      if (message.kind === 'end') {
        return { position, ended: true };
      }
      position = message.event.position;
      options.onEvent(message.event);
    }
  } catch (error) {
    // A refusal is no broken connection; it would be the same again.
    if (error instanceof StoryFailure || error instanceof ZodError) {
      throw error;
    }
  }
  return { position, ended: false };
}

type Message = { readonly kind: 'event'; readonly event: StreamedEvent } | { readonly kind: 'end' };

async function* openStream(
  options: FollowOptions,
  position: number,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  const url = `${options.baseUrl}/v1/executions/${options.executionId}/events`;
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', 'last-event-id': String(position) },
    signal,
  });
  if (response.status === 204) {
    yield { kind: 'end' };
    return;
  }
  if (!response.ok || response.body === null) {
    throw new StoryFailure(`GET ${url} answers ${response.status}: ${await response.text()}`);
  }
  for await (const block of splitBlocks(response.body.pipeThrough(new TextDecoderStream()))) {
    const message = readMessage(block);
    if (message !== undefined) {
      yield message;
    }
  }
}

/** Server-sent events stand apart by an empty line. Source: the HTML standard, section 9.2. */
async function* splitBlocks(text: AsyncIterable<string>): AsyncGenerator<string> {
  let pending = '';
  for await (const chunk of text) {
    const blocks = `${pending}${chunk}`.replaceAll('\r\n', '\n').split('\n\n');
    pending = blocks.pop() ?? '';
    yield* blocks;
  }
}

function readMessage(block: string): Message | undefined {
  const fields = block.split('\n').map((line) => /^([a-z]*): ?(.*)$/.exec(line));
  const valueOf = (name: string): string =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : [])).join('\n');
  if (valueOf('event') === 'end') {
    return { kind: 'end' };
  }
  const data = valueOf('data');
  return data === ''
    ? undefined
    : { kind: 'event', event: storedEventSchema.parse(JSON.parse(data)) };
}
