import { connect } from 'node:net';

import type { EventRepository } from '@gennaker/store';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { EventStream } from './support/event-stream.js';
import { nobody } from './support/pipelines.js';
import { RecordedExecution, someEvent } from './support/recorded-execution.js';

let under: ApiUnderTest;
let url: string;
let reads = 0;

beforeAll(async () => {
  under = await startApiUnderTest({
    wrapEvents: (events): EventRepository => ({
      ...events,
      readEvents: (...call) => {
        reads += 1;
        return events.readEvents(...call);
      },
    }),
  });
  await under.api.app.listen(0, '127.0.0.1');
  url = await under.api.app.getUrl();
});

afterAll(async () => under.close());

function watch(id: string, headers: Record<string, string> = {}, query = ''): Promise<EventStream> {
  return EventStream.open(`${url}/v1/executions/${id}/events${query}`, headers);
}

function upTo(last: number, first = 1): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

test('replays what was, then follows what comes, without a gap', async () => {
  const execution = await RecordedExecution.create(under.store);
  const before = await execution.record(someEvent(), someEvent());
  const stream = await watch(execution.id);
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  await stream.until(before);
  const last = await execution.record(someEvent(), someEvent(), someEvent());
  await stream.until(last);
  expect(stream.positions).toEqual(upTo(last));
  expect(stream.messages[0]).toMatchObject({ id: '1', event: 'execution.created' });
  expect(stream.events.map(({ position }) => position)).toEqual(upTo(last));
  stream.leave();
});

test('goes on behind Last-Event-ID, which wins over the query of the first request', async () => {
  const execution = await RecordedExecution.create(under.store);
  const last = await execution.record(...Array.from({ length: 9 }, () => someEvent()));
  const byHeader = await watch(execution.id, { 'last-event-id': '7' }, '?after=2');
  await byHeader.until(last);
  expect(byHeader.positions).toEqual(upTo(last, 8));
  const byQuery = await watch(execution.id, {}, '?after=9');
  await byQuery.until(last);
  expect(byQuery.positions).toEqual([10]);
  byHeader.leave();
  byQuery.leave();
});

test('ends with a last word when the execution does, and answers 204 from then on', async () => {
  const execution = await RecordedExecution.create(under.store);
  const live = await watch(execution.id);
  await live.until(1);
  const last = await execution.finish('TERMINAL');
  await live.closed;
  expect(live.positions).toEqual([1, last]);
  expect(live.end).toEqual({ position: last, status: 'TERMINAL' });

  const late = await watch(execution.id);
  await late.closed;
  expect(late.positions).toEqual([1, last]);
  expect(late.end).toEqual({ position: last, status: 'TERMINAL' });
  expect((await watch(execution.id, { 'last-event-id': String(last) })).status).toBe(204);
});

test('does not end where a retry goes on behind an earlier end', async () => {
  const execution = await RecordedExecution.create(under.store);
  await execution.finish('TERMINAL');
  const last = await execution.record({ kind: 'execution.started', runId: 'second' });
  const stream = await watch(execution.id);
  await stream.until(last);
  const end = await execution.finish('SUCCEEDED');
  await stream.closed;
  expect(stream.positions).toEqual(upTo(end));
  expect(stream.end?.status).toBe('SUCCEEDED');
});

test('refuses an unknown execution and a position that does not exist', async () => {
  expect((await watch(nobody)).status).toBe(404);
  const execution = await RecordedExecution.create(under.store);
  expect((await watch(execution.id, { 'last-event-id': '99' })).status).toBe(422);
  expect((await watch(execution.id, { 'last-event-id': 'x' })).status).toBe(422);
  expect((await watch(execution.id, {}, '?after=-1')).status).toBe(422);
});

test('reads the table for all watchers of an execution together', async () => {
  const execution = await RecordedExecution.create(under.store);
  const streams = await Promise.all(Array.from({ length: 50 }, () => watch(execution.id)));
  await Promise.all(streams.map((stream) => stream.until(1)));
  // The reads that follow each joining have ended once one more event has come to everybody.
  const settled = await execution.record(someEvent());
  await Promise.all(streams.map((stream) => stream.until(settled)));
  const before = reads;
  const last = await execution.record(someEvent());
  await Promise.all(streams.map((stream) => stream.until(last)));
  expect(reads - before).toBeLessThanOrEqual(2);
  for (const stream of streams) expect(stream.positions).toEqual(upTo(last));
  for (const stream of streams) stream.leave();
});

test('loses and repeats nothing over 100 reconnects while events are written', async () => {
  const execution = await RecordedExecution.create(under.store);
  const seen: number[] = [];
  let writing = true;
  const writer = (async () => {
    for (let batch = 0; batch < 60; batch += 1) await execution.record(someEvent(), someEvent());
    writing = false;
    return execution.finish();
  })();
  for (let connection = 0; writing || connection < 100; connection += 1) {
    const headers = { 'last-event-id': String(seen.at(-1) ?? 0) };
    const stream = await watch(execution.id, headers);
    if (stream.status === 204) break;
    await stream.until((seen.at(-1) ?? 0) + 1);
    stream.leave();
    await stream.closed;
    seen.push(...stream.positions);
  }
  const last = await writer;
  const rest = await watch(execution.id, { 'last-event-id': String(seen.at(-1) ?? 0) });
  await rest.closed;
  expect([...seen, ...rest.positions]).toEqual(upTo(last));
});

test('sends a burst of more than a megabyte to a client that reads', async () => {
  const execution = await RecordedExecution.create(under.store);
  let last = 0;
  for (let batch = 0; batch < 5; batch += 1) {
    last = await execution.record(...Array.from({ length: 10 }, () => someEvent(100_000)));
  }
  const late = await watch(execution.id);
  await late.until(last);
  expect(late.positions).toEqual(upTo(last));
  late.leave();
});

test('cuts off a client that is a megabyte behind; it resumes by its last event', async () => {
  const execution = await RecordedExecution.create(under.store);
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const path = `/v1/executions/${execution.id}/events`;
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const firstByte = Promise.withResolvers<void>();
  socket.once('data', () => {
    socket.pause();
    firstByte.resolve();
  });
  await firstByte.promise;
  const quick = await watch(execution.id);
  let last = 0;
  // What the buffers of both ends hold is not behind yet: write more than that, in step with a client that reads.
  for (let batch = 0; batch < 20; batch += 1) {
    last = await execution.record(someEvent(900_000));
    await quick.until(last);
  }
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let taken = 0;
  socket.on('data', (data) => (taken += data.length));
  socket.on('error', () => undefined);
  socket.resume();
  await ended;
  expect(taken).toBeLessThan(20 * 900_000);
  expect(quick.positions).toEqual(upTo(last));
  quick.leave();
});
