import { logLevels, temporalSettingsFault, temporalVariables } from '@gennaker/platform';
import { z } from 'zod';

/** Hosts that only this machine can reach. */
const loopbackHosts = ['127.0.0.1', '::1', 'localhost'];

/** The API's environment: every variable, its unit, its default. */
export const apiConfigSchema = z
  .object({
    GENNAKER_API_HOST: z
      .string()
      .default('127.0.0.1')
      .refine(
        (host) => loopbackHosts.includes(host),
        'there is no authentication yet, so the API binds to 127.0.0.1, ::1 or localhost only; put a proxy that authenticates in front of it',
      )
      .describe('the address to listen at; loopback only while there is no authentication'),
    GENNAKER_API_PORT: z.coerce
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(8080)
      .describe('0 = any free port'),
    GENNAKER_LOG_LEVEL: z.enum(logLevels).default('info').describe('what is written to the log'),
    GENNAKER_API_START_SECONDS: z.coerce
      .number()
      .int()
      .min(1)
      .max(3600)
      .default(120)
      .describe('how long to wait for PostgreSQL and Temporal at the start'),
    GENNAKER_API_POOL: z.coerce
      .number()
      .int()
      .min(2)
      .max(200)
      .default(10)
      .describe('connections to PostgreSQL, without the one that listens'),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host:port/database'),
    ...temporalVariables,
  })
  .superRefine((config, context) => {
    const fault = temporalSettingsFault(config);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  });

export type ApiConfig = Readonly<z.output<typeof apiConfigSchema>>;
