import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

import { AppModule, type ApiParts } from './app-module.js';
import { bodyBytesRead, useBodyParsers } from './body/body-parsers.js';
import { EventHub } from './events/event-hub.js';
import { Sweeper } from './executions/sweeper.js';
import { StartState } from './health/start-state.js';
import { NestLog } from './logging/nest-log.js';
import { serveOpenApi } from './openapi/serve-openapi.js';
import { learnRoutes } from './problem/known-routes.js';

/** The control plane, ready to listen or to be asked by `inject`. */
export interface Api {
  readonly app: NestFastifyApplication;
  /** From now on requests are served, the log is followed and lost executions are swept up. Needs the schema. */
  begin(): void;
  /** One sweep for lost executions now, beside those that come by themselves. Never throws. */
  sweep(): Promise<void>;
  /** Ends streams, requests and connections. */
  close(): Promise<void>;
}

/** How long a client may take to send a request, in milliseconds. */
const requestTimeoutMs = 30_000;

/** Names of pipelines have 100 characters, each of which may take three in a path. */
const pathParameterLengthMax = 400;

/** Builds the control plane; connects to nothing yet. */
export async function createApi(parts: ApiParts): Promise<Api> {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyBytesRead,
    requestTimeout: requestTimeoutMs,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: pathParameterLengthMax },
  });
  const fastify: FastifyInstance = adapter.getInstance();
  const routes = learnRoutes(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(parts, routes),
    adapter,
    { bodyParser: false, logger: new NestLog(parts.logger), abortOnError: false },
  );
  useBodyParsers(fastify);
  serveOpenApi(app);
  await app.init();
  await fastify.ready();
  return {
    app,
    begin: () => {
      app.get(StartState).begin();
      app.get(EventHub).start();
      app.get(Sweeper).start();
    },
    sweep: () => app.get(Sweeper).sweep(),
    close: () => app.close(),
  };
}
