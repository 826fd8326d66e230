import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** When a connection is cut: before the n-th statement reaches the server, or before its answer reaches the client. */
export interface Cut {
  /** Counts statements of the connection from 1. */
  readonly statement: number;
  readonly when: 'beforeStatement' | 'beforeAnswer';
}

/** A proxy in front of PostgreSQL that cuts connections between statements, exactly. */
export interface FrontendProxy {
  /** The same URL by way of the proxy. */
  readonly url: string;
  /** How every connection opened from now on is cut; null: not at all. */
  cut: Cut | null;
  /** Statements of the connection that ended or was cut last. */
  readonly statements: number;
  /** Holds back what the server says, on all connections, until it is set to false again. */
  setSilent(silent: boolean): void;
  /** Resolves when the next connection is opened. */
  connected(): Promise<void>;
  close(): Promise<void>;
}

export async function startFrontendProxy(url: string): Promise<FrontendProxy> {
  const target = new URL(url);
  const open = new Set<Socket>();
  const state = { cut: null as Cut | null, statements: 0, silent: false };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    pass({ client, upstream, cut: state.cut, state });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    get cut() {
      return state.cut;
    },
    set cut(cut) {
      state.cut = cut;
    },
    get statements() {
      return state.statements;
    },
    setSilent: (silent) => {
      state.silent = silent;
    },
    connected: async () => void (await once(server, 'connection')),
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Passage {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly cut: Cut | null;
  readonly state: { statements: number; readonly silent: boolean };
}

function pass({ client, upstream, cut, state }: Passage): void {
  let statements = 0;
  let answersCut = false;
  const messages = splitMessages();
  const forward = (message: Buffer): void => {
    if (isEndOfStatement(message)) {
      statements += 1;
      state.statements = statements;
    }
    if (cut?.statement !== statements) {
      upstream.write(message);
    } else if (cut.when === 'beforeStatement') {
      upstream.destroy();
    } else {
      answersCut = true;
      upstream.write(message);
    }
  };
  client.on('data', (data) => messages(data).forEach(forward));
  upstream.on('data', (data) => {
    if (state.silent) return;
    if (answersCut) client.destroy();
    else client.write(data);
  });
}

/** Cuts a client's bytes into messages; an unfinished one waits for the next bytes. */
function splitMessages(): (data: Buffer) => readonly Buffer[] {
  let pending = Buffer.alloc(0);
  let started = false;
  return (data) => {
    pending = Buffer.concat([pending, data]);
    const messages: Buffer[] = [];
    for (;;) {
      const length = messageLength(pending, started);
      if (length === undefined) return messages;
      messages.push(pending.subarray(0, length));
      pending = pending.subarray(length);
      started = true;
    }
  };
}

/** The startup message has no type byte. */
function messageLength(buffer: Buffer, started: boolean): number | undefined {
  const header = started ? 5 : 4;
  if (buffer.length < header) return undefined;
  const length = buffer.readInt32BE(header - 4) + header - 4;
  return buffer.length < length ? undefined : length;
}

/** A statement is one simple query, or one extended query up to its Sync (PostgreSQL, protocol flow). */
function isEndOfStatement(message: Buffer): boolean {
  return ['Q', 'S'].includes(String.fromCharCode(message[0] ?? 0));
}
