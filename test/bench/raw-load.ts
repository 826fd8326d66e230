import { connect, type Socket } from 'node:net';

/** One AWS call as bytes, but for its signature, which a stand-in does not verify. */
export function rawCall(port: number, service: string, body: string): Buffer {
  return Buffer.from(
    [
      'POST / HTTP/1.1',
      `host: 127.0.0.1:${port}`,
      'content-type: application/x-www-form-urlencoded',
      `content-length: ${Buffer.byteLength(body)}`,
      `authorization: AWS4-HMAC-SHA256 Credential=111111111111/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      '',
      body,
    ].join('\r\n'),
  );
}

export interface Load {
  readonly callsPerSecond: number;
  readonly milliseconds: readonly number[];
}

/** Sends calls over so many kept connections, each after the answer to the one before, for so long. */
export async function load(
  port: number,
  calls: readonly Buffer[],
  how: { readonly connections: number; readonly seconds: number },
): Promise<Load> {
  const milliseconds: number[] = [];
  const begun = performance.now();
  const until = begun + how.seconds * 1000;
  await Promise.all(
    Array.from({ length: how.connections }, (_, index) =>
      converse(port, calls, { first: index, until, milliseconds }),
    ),
  );
  const seconds = (performance.now() - begun) / 1000;
  return { callsPerSecond: milliseconds.length / seconds, milliseconds };
}

async function converse(
  port: number,
  calls: readonly Buffer[],
  how: { readonly first: number; readonly until: number; readonly milliseconds: number[] },
): Promise<void> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  try {
    for (let turn = how.first; performance.now() < how.until; turn += 1) {
      const call = calls[turn % calls.length];
      if (call === undefined) throw new Error('there are no calls to send');
      const sentAt = performance.now();
      await exchange(socket, call);
      how.milliseconds.push(performance.now() - sentAt);
    }
  } finally {
    socket.destroy();
  }
}

/** One call and its answer; anything but a 200 is an error. */
async function exchange(socket: Socket, call: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let received = '';
    const settle = (error?: Error): void => {
      socket.off('data', read);
      socket.off('error', reject);
      if (error === undefined) resolve();
      else reject(error);
    };
    const read = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const [, length = '0'] = /content-length: (\d+)/i.exec(received) ?? [];
      if (received.length < head + 4 + Number(length)) return;
      const isFine = received.startsWith('HTTP/1.1 200');
      settle(isFine ? undefined : new Error(received.slice(0, 600)));
    };
    socket.on('data', read);
    socket.on('error', reject);
    socket.write(call);
  });
}
