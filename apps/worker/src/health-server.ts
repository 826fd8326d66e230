import { createServer, type Server } from 'node:http';

import type { Registry } from 'prom-client';

/** What the health routes answer from. */
export interface WorkerHealth {
  /** Null when ready; else what is missing, for people. */
  missing(): string | null;
  readonly metrics: Registry;
}

/** `/health/live`, `/health/ready` (503 with what is missing) and `/metrics`. Anything else is 404. */
export async function startHealthServer(
  { host, port }: { readonly host: string; readonly port: number },
  health: WorkerHealth,
): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', health).then(({ status, body, type }) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) => reject(portProblem(error, port)));
  server.listen(port, host, resolve);
  await promise;
  return server;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type: string;
}

async function answer(url: string, health: WorkerHealth): Promise<Answer> {
  switch (url) {
    case '/health/live':
      return json(200, { status: 'ok' });
    case '/health/ready': {
      const missing = health.missing();
      return missing === null
        ? json(200, { status: 'ok' })
        : json(503, { status: 'not ready', missing });
    }
    case '/metrics':
      return {
        status: 200,
        body: await health.metrics.metrics(),
        type: health.metrics.contentType,
      };
    default:
      return json(404, { status: 'not found' });
  }
}

function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), type: 'application/json' };
}

function portProblem(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new Error(
    `The worker's health port ${port} is taken. Stop what uses it, or set GENNAKER_WORKER_PORT.`,
    { cause: error },
  );
}
