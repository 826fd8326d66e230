import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerControl } from '../control/routes.js';
import { asksForStatusPage, statusPage } from '../status-page/status-page.js';
import { answerAwsCall } from './aws-call.js';
import type { Simulation } from './simulation.js';

/** AWS takes no larger query request, and neither do the control routes. */
const BODY_BYTES_MAX = 1024 * 1024;
const KEEP_ALIVE_MS = 75_000;

/** One server for everything: AWS calls at `/`, the rest under paths that AWS does not have. */
export function makeHttpServer(simulation: Simulation): Server {
  const server = createServer((request, response) => {
    handle(simulation, request, response).catch((error: unknown) => failLoudly(response, error));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function handle(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    send(response, {
      status: 413,
      type: 'application/json',
      body: JSON.stringify({ error: `The body is larger than ${BODY_BYTES_MAX} bytes` }),
    });
    return;
  }
  const path = request.url ?? '/';
  if (path.startsWith('/_simulator') || path.startsWith('/_localstack')) {
    const reply = await answerControl(simulation, {
      method: request.method ?? 'GET',
      path,
      body,
      closed: closedSignal(response),
    });
    send(response, {
      status: reply.status,
      type: 'application/json',
      body: `${JSON.stringify(reply.body)}\n`,
    });
    return;
  }
  if (asksForStatusPage(request.method, path)) {
    send(response, { status: 200, type: 'text/html;charset=utf-8', body: statusPage });
    return;
  }
  const reply = await answerAwsCall(simulation, {
    method: request.method ?? 'GET',
    path,
    headers: request.headers,
    body,
  });
  if (reply.kind === 'cut') {
    request.socket.resetAndDestroy();
    return;
  }
  if (reply.kind === 'close') request.socket.end();
  // Left open, until the caller goes away or the stand-in ends.
  if (reply.kind !== 'answer') return;
  response.setHeader('date', new Date(reply.time).toUTCString());
  response.setHeader('x-amzn-requestid', reply.requestId);
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  if (reply.truncateAt === undefined) send(response, reply);
  else sendPart(response, reply, reply.truncateAt);
}

/** The whole body, or undefined when it is too large (the rest is read and thrown away). */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Events in place of an iterator: this is on the way of every call.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_BYTES_MAX) chunks.push(chunk);
    });
    request.once('end', resolve);
    request.once('error', reject);
  });
  return size > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks).toString('utf8');
}

function send(
  response: ServerResponse,
  reply: { status: number; type: string; body: string },
): void {
  response.statusCode = reply.status;
  response.setHeader('content-type', reply.type);
  const body = Buffer.from(reply.body);
  response.setHeader('content-length', body.length);
  response.end(body);
}

/** Says how long the body is, sends less of it, and breaks off. */
function sendPart(
  response: ServerResponse,
  reply: { readonly status: number; readonly type: string; readonly body: string },
  bytes: number,
): void {
  const body = Buffer.from(reply.body);
  response.statusCode = reply.status;
  response.setHeader('content-type', reply.type);
  // At least one byte is missing, however short the body is.
  response.setHeader('content-length', Math.max(body.length, bytes + 1));
  response.flushHeaders();
  response.write(body.subarray(0, bytes), () => response.socket?.destroySoon());
}

/** Fires when the caller has gone away before the answer. */
function closedSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  return controller.signal;
}

/** A fault of the stand-in itself is never dressed up as one of AWS. */
function failLoudly(response: ServerResponse, error: unknown): void {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  if (response.headersSent) return;
  response.statusCode = 500;
  response.setHeader('content-type', 'text/plain');
  response.end('The stand-in failed: its standard error has the reason\n');
}
