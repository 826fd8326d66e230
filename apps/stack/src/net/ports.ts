import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The only address that the launcher binds to. */
export const LOOPBACK = '127.0.0.1';

/** A port that was free a moment ago; the kernel gives each of them out seldom. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
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
