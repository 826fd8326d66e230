import { ConfigError, parseConfig, redactConfig } from '@gennaker/platform';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const schema = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(8080),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }),
  TEMPORAL_API_KEY: z.string().min(20, 'must have at least 20 characters').optional(),
  LOG_LEVEL: z.enum(['info', 'debug']).default('info').describe('how much is logged'),
});

function faultsOf(env: Record<string, string>): ConfigError {
  try {
    parseConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('parseConfig', () => {
  it('gives typed values, defaults for what is not set, and ignores other variables', () => {
    const config = parseConfig(schema, {
      PORT: '9000',
      DATABASE_URL: 'postgres://localhost/gennaker',
      HOME: '/root',
    });
    expect(config).toEqual({
      PORT: 9000,
      DATABASE_URL: 'postgres://localhost/gennaker',
      LOG_LEVEL: 'info',
    });
  });

  it('counts an empty variable as not set', () => {
    expect(parseConfig(schema, { PORT: ' ', DATABASE_URL: 'postgres://h/d' }).PORT).toBe(8080);
  });

  it('gives an object that cannot be changed', () => {
    expect(Object.isFrozen(parseConfig(schema, { DATABASE_URL: 'postgres://h/d' }))).toBe(true);
  });

  it('reports every fault at once, each with its variable, what it got and what is expected', () => {
    const { message, faults } = faultsOf({ PORT: '70000', LOG_LEVEL: 'loud' });
    expect(faults.map(({ variable, got }) => [variable, got])).toEqual([
      ['PORT', '70000'],
      ['DATABASE_URL', null],
      ['LOG_LEVEL', 'loud'],
    ]);
    expect(message).toContain('3 faults');
    expect(message).toContain('DATABASE_URL: not set; must be a postgres:// URL');
    expect(message).toContain('PORT: got "70000"');
    expect(message).toContain('(how much is logged)');
  });

  it('never shows a credential, by its name or inside a URL', () => {
    const { message } = faultsOf({
      TEMPORAL_API_KEY: 'hunter2',
      DATABASE_URL: 'mysql://me:hunter2@host/db',
    });
    expect(message).not.toContain('hunter2');
    expect(message).toContain('mysql://me:[redacted]@host/db');
  });

  it('reports a rule about several variables', () => {
    const paired = z
      .object({ A: z.string().optional(), B: z.string().optional() })
      .refine(({ A, B }) => (A === undefined) === (B === undefined), 'A and B belong together');
    expect(() => parseConfig(paired, { A: 'x' })).toThrow('  - A and B belong together');
  });
});

describe('redactConfig', () => {
  it('hides named keys, credentials by name, and passwords in URLs, and keeps the rest', () => {
    const shown = redactConfig(
      {
        PORT: 1,
        SIGNING: 'hunter2',
        API_TOKEN: 'hunter2',
        DATABASE_URL: 'postgres://u:hunter2@h/d?password=hunter2',
        EMPTY_SECRET: '',
      },
      ['SIGNING'],
    );
    expect(shown).toEqual({
      PORT: 1,
      SIGNING: '[redacted]',
      API_TOKEN: '[redacted]',
      DATABASE_URL: 'postgres://u:[redacted]@h/d?password=[redacted]',
      EMPTY_SECRET: '',
    });
  });
});
