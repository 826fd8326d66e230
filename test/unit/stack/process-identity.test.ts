import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

import {
  findProcess,
  isRunning,
  signalProcess,
} from '../../../apps/stack/src/process/process-identity.js';

test('a running process keeps its identity', () => {
  const first = findProcess(process.pid);
  expect(first).toBeDefined();
  expect(findProcess(process.pid)).toEqual(first);
});

test('a process with the same id but another start is a stranger and gets no signal', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const real = findProcess(child.pid ?? 0);
  expect(real).toBeDefined();
  const impostor = { pid: child.pid ?? 0, startedAt: 'another-boot:1' };

  signalProcess(impostor, 'SIGKILL');
  expect(isRunning(impostor)).toBe(false);
  expect(child.exitCode ?? child.signalCode).toBeNull();
  expect(real !== undefined && isRunning(real)).toBe(true);

  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(real !== undefined && isRunning(real)).toBe(false);
});
