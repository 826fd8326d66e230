import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/** The only address that the launcher binds to. */
export const LOOPBACK = '127.0.0.1';

/** Above the ports that services have by custom. */
const freePortMin = 10_000;
/** Linux gives connections that go out a port from 32768 on (ip_local_port_range), macOS from 49152. */
const freePortMax = 32_767;
/** So many ports in use one after another are no accident. */
const freePortTriesMax = 1_000;

/** Where this process looks next: others of it begin elsewhere, and none looks at the same port twice in a row. */
let nextPort = randomInt(freePortMin, freePortMax + 1);

/**
 * A port that was free a moment ago, and another one at each call. It is none that the kernel gives to a connection that goes
 * out: such a one can be gone again before whoever asked has bound it. Throws when 1,000 in a row are in use.
 */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < freePortTriesMax; tries += 1) {
    const port = nextPort;
    nextPort = port === freePortMax ? freePortMin : port + 1;
    if (await isPortFree(port)) return port;
  }
  throw new Error(`${freePortTriesMax} ports of ${LOOPBACK} below ${nextPort} are all in use.`);
}

/** Whether nobody listens on this port of the loopback address. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}

/** Connects once and hangs up; rejects when nobody answers within two seconds. */
export async function knock(port: number): Promise<void> {
  const socket = connect({ port, host: LOOPBACK, timeout: 2_000 });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('timeout', () => reject(new Error(`port ${port} did not answer within 2 s`)));
      socket.once('error', reject);
    });
  } finally {
    socket.destroy();
  }
}
