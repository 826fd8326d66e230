import type { FastifyInstance } from 'fastify';

/** Which methods a path takes, for the answer to one that it does not. */
export interface KnownRoutes {
  /** Empty for a path that is no route at all. */
  methodsOf(path: string): readonly string[];
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
}

/** Learns every route as it is registered; call before any is. */
export function learnRoutes(fastify: FastifyInstance): KnownRoutes {
  const routes: Route[] = [];
  fastify.addHook('onRoute', ({ method, url }) => {
    const pattern = patternOf(url);
    for (const one of [method].flat()) routes.push({ method: one, pattern });
  });
  return {
    methodsOf: (path) => [
      ...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
    ],
  };
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => {
      if (part.startsWith(':')) return '[^/]+';
      return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\*', '.*');
    })
    .join('/');
  return new RegExp(`^${source}$`);
}
