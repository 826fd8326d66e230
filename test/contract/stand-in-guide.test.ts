import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startSimulator, type RunningSimulator } from '@gennaker/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository-root.js';

const guide = readFileSync(path.join(repositoryRoot, 'localstack', 'README.md'), 'utf8');
const commands = guide.split('\n').filter((line) => line.startsWith('curl '));
let running: RunningSimulator;

beforeAll(async () => {
  running = await startSimulator({ clock: { kind: 'virtual' } });
});

afterAll(async () => {
  await running.close();
});

/** What curl would send. A wait for a held call is cut short. */
function requestOf(command: string): { url: string; method: string; body?: string } {
  const [, route = ''] = /127\.0\.0\.1:4566(\/[^\s']+)/.exec(command) ?? [];
  const [, body] = / -d '(.*)'$/.exec(command) ?? [];
  const [, method = body === undefined ? 'GET' : 'POST'] = / -X (\w+)/.exec(command) ?? [];
  const url = `${running.url}${route.replace('timeoutSeconds=30', 'timeoutSeconds=0')}`;
  return { url, method, ...(body === undefined ? {} : { body }) };
}

describe('the guide to the stand-in', () => {
  it('shows a command for every control route', async () => {
    const { routes } = (await (await fetch(`${running.url}/_simulator/none`)).json()) as {
      routes: readonly string[];
    };
    const shown = commands.map((command) => {
      const { url, method } = requestOf(command);
      return `${method} ${new URL(url).pathname}`;
    });
    const controls = routes.filter((route) => route.includes('/_simulator/'));
    const missing = controls.filter((route) => {
      const pattern = new RegExp(`^${route.replaceAll('*', '[^/]+')}$`);
      return !shown.some((each) => pattern.test(each));
    });
    expect(missing).toEqual([]);
  });

  it.each(commands)('%s', async (command) => {
    const { url, ...request } = requestOf(command);
    const response = await fetch(url, request);
    const text = await response.text();
    // What is named by way of example is not in this empty world; everything else is understood.
    const isUnderstood =
      response.status === 200 || /"No (instance|image|call|load balancer)/.test(text);
    expect(isUnderstood ? '' : `${response.status} ${text}`).toBe('');
  });
});
