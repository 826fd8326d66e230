import { GennakerError } from '@gennaker/domain';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

import { isCredentialName, redacted, redactUrl } from './redaction.js';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** ERROR: a person must act. WARN: healed or will be retried. INFO: one line a transition. */
export interface Logger {
  error(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
  /** A logger that puts these fields on every line. */
  child(fields: LogFields): Logger;
}

/** The values of a line; an error goes under `err`. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface LoggerOptions {
  /** The process: `api`, `worker`, `stack`. */
  readonly name: string;
  readonly level: LogLevel;
  /** Where lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

/** Deepest `cause` and deepest nesting of fields that a line follows. */
const depthMax = 6;

/**
 * A logger that writes one JSON object a line. Fields whose name says that they hold a credential, and passwords in
 * URLs, are replaced at any depth before they are written.
 */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  const options = {
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    base: { name, pid: process.pid },
    // Fields are made fit below; pino's own serializer would wrap an error a second time.
    serializers: { err: (value: unknown) => value },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrapped(destination === undefined ? pino(options) : pino(options, destination));
}

function wrapped(logger: PinoLogger): Logger {
  return {
    error: (fields, message) => logger.error(fieldsFit(fields), redactUrl(message)),
    warn: (fields, message) => logger.warn(fieldsFit(fields), redactUrl(message)),
    info: (fields, message) => logger.info(fieldsFit(fields), redactUrl(message)),
    debug: (fields, message) => {
      if (logger.isLevelEnabled('debug')) logger.debug(fieldsFit(fields), redactUrl(message));
    },
    child: (fields) => wrapped(logger.child(fieldsFit(fields))),
  };
}

function fieldsFit(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, fit(name, value, 0)]),
  );
}

function fit(name: string, value: unknown, depth: number): unknown {
  if (isCredentialName(name) && value !== null && value !== undefined) return redacted;
  if (typeof value === 'string') return redactUrl(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= depthMax) return '[too deep]';
  if (value instanceof Error) return errorFit(value, depth);
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value;
    return elements.map((element) => fit('', element, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, fit(key, member, depth + 1)]),
  );
}

/** Only these parts of an error: others carry whole requests and replies (AWS SDK `$response`, pg `client`). */
function errorFit(error: Error, depth: number): Record<string, unknown> {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: redactUrl(error.message),
    ...(error instanceof GennakerError ? { details: fit('', error.details, depth + 1) } : {}),
    ...(error.stack === undefined ? {} : { stack: redactUrl(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: fit('', error.cause, depth + 1) }),
  };
}
