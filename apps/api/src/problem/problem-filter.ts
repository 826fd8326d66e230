import {
  Catch,
  Inject,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { GennakerError } from '@gennaker/domain';
import type { Logger } from '@gennaker/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { LOGGER } from '../logging/logger-token.js';
import { KNOWN_ROUTES } from './known-routes-token.js';
import type { KnownRoutes } from './known-routes.js';
import { problemOf } from './problem-of.js';
import { RequestRefused } from './request-refused.js';

/** Answers every error with problem details, and logs what a person must look at. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(KNOWN_ROUTES) private readonly routes: KnownRoutes,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const path = request.url.split('?')[0] ?? request.url;
    const { problem, headers } = problemOf(this.otherMethod(error, request.method, path), path);
    this.log(error, problem.status, `${request.method} ${path}`);
    // A stream that has begun cannot be answered any more; its owner closes it.
    if (reply.sent || reply.raw.headersSent) return;
    void reply
      .code(problem.status)
      .headers(headers)
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  }

  /** A path that is a route for other methods is not unknown. */
  private otherMethod(error: unknown, method: string, path: string): unknown {
    if (!(error instanceof NotFoundException)) return error;
    const methods = this.routes.methodsOf(path);
    if (methods.length === 0) {
      const detail = `There is no route ${method} ${path}. See /docs for those that there are.`;
      return new RequestRefused('ROUTE_NOT_FOUND', detail);
    }
    const allow = methods.toSorted().join(', ');
    const detail = `${path} takes ${allow}, not ${method}.`;
    return new RequestRefused('METHOD_NOT_ALLOWED', detail, { headers: { allow } });
  }

  private log(error: unknown, status: number, request: string): void {
    if (status < 500) return;
    const known = error instanceof RequestRefused || error instanceof GennakerError;
    const fields = { request, status, err: error };
    if (status === 500 || !known) this.logger.error(fields, 'a request failed by a fault of ours');
    else this.logger.warn(fields, 'a request could not be served');
  }
}
