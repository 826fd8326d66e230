import { httpBounds } from '@gennaker/contract';
import type { FastifyInstance } from 'fastify';

import { RequestRefused } from '../problem/request-refused.js';
import { parseFailure } from './parse-failure.js';
import { parseJsonBody } from './parse-json-body.js';
import { parseYamlBody } from './parse-yaml-body.js';
import { vetBody } from './vet-body.js';

/**
 * Bytes that are read of a body before the connection is cut. A client whose body is above the documented bound but below
 * this one has sent it all and so sees the answer, where cutting it off would often show as a broken connection.
 */
export const bodyBytesRead = 4 * 1024 * 1024;

interface BodyLanguage {
  readonly name: 'JSON' | 'YAML';
  readonly contentTypes: readonly string[];
  readonly parse: (text: string) => unknown;
}

const languages: readonly BodyLanguage[] = [
  { name: 'JSON', contentTypes: ['application/json'], parse: parseJsonBody },
  {
    name: 'YAML',
    contentTypes: ['application/yaml', 'text/yaml', 'application/x-yaml'],
    parse: parseYamlBody,
  },
];

/** Replaces Fastify's parsers by ours: JSON or YAML, everything else is 415. A POST without a body has an empty one. */
export function useBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  for (const language of languages) addParser(fastify, language);
  fastify.addHook('preValidation', (request, _reply, done) => {
    if (request.method === 'POST' && request.body === undefined) request.body = {};
    done();
  });
}

function addParser(fastify: FastifyInstance, language: BodyLanguage): void {
  fastify.addContentTypeParser(
    [...language.contentTypes],
    { parseAs: 'buffer' },
    (_request, body: Buffer, done) => {
      try {
        done(null, parsedBody(body, language));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
}

function parsedBody(body: Buffer, { name, parse }: BodyLanguage): unknown {
  if (body.byteLength > httpBounds.bodyBytesMax) {
    const detail = `The body has ${body.byteLength} bytes; at most ${httpBounds.bodyBytesMax} are taken.`;
    throw new RequestRefused('BODY_TOO_LARGE', detail);
  }
  const text = decoded(body, name);
  if (text.trim() === '') return undefined;
  const value = parse(text);
  vetBody(value);
  return value;
}

function decoded(body: Buffer, language: 'JSON' | 'YAML'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw parseFailure(language, 'it is not UTF-8 text', null);
  }
}
