import { logLevels } from '@gennaker/platform';
import { z } from 'zod';

import type { TemporalSettings } from '../temporal/temporal-connection.js';

const path = z.string().min(1).optional();

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
    TEMPORAL_ADDRESS: z.string().min(1).describe('host:port of the Temporal frontend'),
    TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('must exist'),
    TEMPORAL_API_KEY: z.string().min(1).optional().describe('Temporal Cloud API key; turns TLS on'),
    TEMPORAL_TLS: z
      .enum(['true', 'false'])
      .default('false')
      .describe('TLS with the certificates that the machine trusts'),
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: path.describe(
      'PEM file of the authority of the server certificate; turns TLS on',
    ),
    TEMPORAL_TLS_CLIENT_CERT_PATH: path.describe(
      'PEM file of our certificate, with its key: mutual TLS',
    ),
    TEMPORAL_TLS_CLIENT_KEY_PATH: path.describe('PEM file of the key of our certificate'),
    TEMPORAL_TLS_SERVER_NAME: path.describe(
      'the name in the server certificate, where it is not that of the address',
    ),
  })
  .refine(
    (config) =>
      (config.TEMPORAL_TLS_CLIENT_CERT_PATH === undefined) ===
      (config.TEMPORAL_TLS_CLIENT_KEY_PATH === undefined),
    'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH must be given together',
  );

export type ApiConfig = Readonly<z.output<typeof apiConfigSchema>>;

/** The part of the configuration that says how to reach Temporal. */
export function temporalSettings(config: ApiConfig): TemporalSettings {
  return {
    address: config.TEMPORAL_ADDRESS,
    namespace: config.TEMPORAL_NAMESPACE,
    apiKey: config.TEMPORAL_API_KEY,
    tls: config.TEMPORAL_TLS === 'true',
    serverCaCertPath: config.TEMPORAL_TLS_SERVER_CA_CERT_PATH,
    clientCertPath: config.TEMPORAL_TLS_CLIENT_CERT_PATH,
    clientKeyPath: config.TEMPORAL_TLS_CLIENT_KEY_PATH,
    serverName: config.TEMPORAL_TLS_SERVER_NAME,
  };
}
