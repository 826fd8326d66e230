import type { ServerResponse } from 'node:http';

/** Where a watcher's text goes. */
export interface EventSink {
  /** Takes the text, or closes the stream for good when the client is too far behind. */
  write(text: string): void;
  /** Ends the stream in order. A second call does nothing. */
  end(): void;
  /** Resolves once the client has taken most of what was written, or is gone. */
  drained(): Promise<void>;
  /** Calls back once, when the stream is over, whoever ended it. */
  onClosed(callback: () => void): void;
  readonly closed: boolean;
}

/** A client that still has this many bytes to take when more comes is cut off; it resumes by its last event id. */
const clientBehindBytesMax = 1024 * 1024;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-store, no-transform',
  // Asks nginx not to hold the stream back.
  'x-accel-buffering': 'no',
};

/** Opens the stream of a response: its headers are sent at once. */
export function openSink(response: ServerResponse): EventSink {
  response.writeHead(200, headers);
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  // A connection that breaks says so as an error; what it means comes as `close`.
  response.on('error', () => undefined);
  return {
    write: (text) => {
      if (response.destroyed || response.writableEnded) return;
      // Looked at before and not after: what is written at once may be large without anybody being behind.
      if (response.writableLength > clientBehindBytesMax) response.destroy();
      else response.write(text);
    },
    end: () => {
      if (!response.writableEnded) response.end();
    },
    drained: () => drained(response),
    onClosed: (callback) => {
      response.once('close', callback);
    },
    get closed() {
      return response.destroyed || response.writableEnded;
    },
  };
}

async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed || !response.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
