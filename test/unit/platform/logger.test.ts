import { GennakerError } from '@gennaker/domain';
import { createLogger, type LogLevel, type Logger } from '@gennaker/platform';
import { describe, expect, it } from 'vitest';

function capture(level: LogLevel = 'debug'): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { logger: createLogger({ name: 'api', level, destination }), lines };
}

function only(lines: readonly string[]): Record<string, unknown> {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

describe('createLogger', () => {
  it('writes one JSON object a line with level, name, time, message and fields', () => {
    const { logger, lines } = capture();
    logger.child({ executionId: 'e1' }).info({ stage: 'deploy' }, 'stage started');
    expect(only(lines)).toMatchObject({
      level: 'info',
      name: 'api',
      msg: 'stage started',
      executionId: 'e1',
      stage: 'deploy',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
  });

  it('hides credentials at any depth, in URLs, and in errors with their causes', () => {
    const { logger, lines } = capture();
    const cause = new Error('connect postgres://u:hunter2@h/d refused');
    logger.error(
      {
        request: { headers: { Authorization: 'hunter2' }, tries: [{ sessionToken: 'hunter2' }] },
        err: Object.assign(new GennakerError('SERVICE_UNAVAILABLE', 'no', { cause }), {
          $response: { body: 'hunter2' },
        }),
      },
      'down at postgres://u:hunter2@h/d',
    );
    expect(lines.join('')).not.toContain('hunter2');
    expect(only(lines)['err']).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      cause: { message: 'connect postgres://u:[redacted]@h/d refused' },
    });
  });

  it('writes nothing below its level, and survives fields that contain themselves', () => {
    const { logger, lines } = capture('warn');
    const round: Record<string, unknown> = {};
    round['self'] = round;
    logger.info({}, 'no');
    logger.debug({}, 'no');
    logger.warn({ round }, 'yes');
    expect(only(lines)['msg']).toBe('yes');
  });
});
