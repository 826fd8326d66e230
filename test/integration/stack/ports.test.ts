import { createServer, type Server } from 'node:net';
import { expect, it } from 'vitest';
import { findFreePort, isPortFree, LOOPBACK } from '@gennaker/stack';

function listenOn(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => resolve(server));
  });
}

it('gives each who asks at once another free port, and none that the kernel gives to connections that go out', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, findFreePort));
  expect(new Set(ports).size).toBe(50);
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(10_000);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(await Promise.all(ports.map(isPortFree))).not.toContain(false);
});

it('leaves out a port that is in use', async () => {
  const port = await findFreePort();
  const held = await listenOn(port + 1);
  try {
    expect(await findFreePort()).not.toBe(port + 1);
  } finally {
    held.close();
  }
});
