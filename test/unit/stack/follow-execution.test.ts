import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { createEventTeller } from '../../../apps/stack/src/demo/event-line.js';
import { followExecution } from '../../../apps/stack/src/demo/follow-execution.js';
import type { StreamedEvent } from '../../../apps/stack/src/demo/follow-execution.js';

type Answer = (response: ServerResponse) => void;

let server: Server | undefined;
const askedAfter: unknown[] = [];

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  askedAfter.length = 0;
});

test('connects again after the last event that it knows, and misses none', async () => {
  const events = await follow([
    (response) => {
      response.write(`:hello\n\n${block(1)}${block(2).slice(0, 20)}`);
      response.write(block(2).slice(20), () => response.destroy());
    },
    (response) => response.end(`${block(3, 'execution.finished')}event: end\ndata: {}\n\n`),
  ]);
  expect(events.map((event) => event.position)).toEqual([1, 2, 3]);
  expect(askedAfter).toEqual(['0', '2']);
});

test('goes on where the stream still speaks of the run before a retry', async () => {
  const noNews: Answer = (response) => {
    response.statusCode = 204;
    response.end();
  };
  const events = await follow([
    noNews,
    (response) => response.end('event: end\ndata: {}\n\n'),
    (response) => response.end(`${block(1)}${block(2, 'execution.finished')}`),
    noNews,
  ]);
  expect(events.map((event) => event.position)).toEqual([1, 2]);
});

test('gives up with the words of a refusal', async () => {
  const refuse: Answer = (response) => {
    response.statusCode = 404;
    response.end('no such execution');
  };
  await expect(follow([refuse])).rejects.toThrow(/404: no such execution/);
});

test('tells a wait in its own words and an undo by its title', () => {
  const toWords = createEventTeller();
  const tell = (event: StreamedEvent['event']): string | undefined =>
    toWords({ key: 'k', at: '', position: 1, generation: 1, event });
  const stage = { refId: 'deploy', attempt: 2 };
  const waitingFor = { reason: 'healthy', message: '2 of 3 instances healthy' };
  expect(tell({ kind: 'stage.waiting', ...stage, waitingFor })).toBe(
    'deploy (attempt 2): 2 of 3 instances healthy',
  );
  const entry = { id: 'u1', title: 'destroy web-prod-v002' };
  expect(tell({ kind: 'undo.recorded', ...stage, entry })).toBeUndefined();
  expect(tell({ kind: 'undo.entryStarted', ...stage, entryId: 'u1' })).toBe(
    'deploy (attempt 2): undo: destroy web-prod-v002',
  );
  expect(tell({ kind: 'something.newer' })).toBeUndefined();
});

async function follow(answers: readonly Answer[]): Promise<readonly StreamedEvent[]> {
  const left = [...answers];
  const listening = createServer((request, response) => {
    askedAfter.push(request.headers['last-event-id']);
    left.shift()?.(response);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const events: StreamedEvent[] = [];
  await followExecution({
    baseUrl: `http://127.0.0.1:${port}`,
    executionId: 'x',
    after: 0,
    withinSeconds: 5,
    onEvent: (event) => events.push(event),
  });
  return events;
}

function block(position: number, kind = 'test'): string {
  const event = { key: `w:1:${position}`, at: '', position, generation: 1, event: { kind } };
  return `id: ${position}\ndata: ${JSON.stringify(event)}\n\n`;
}
