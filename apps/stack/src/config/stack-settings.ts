import path from 'node:path';

import { parseConfig } from '@gennaker/platform';
import { z } from 'zod';

import type { Environment } from './environment.js';

/** The highest port that TCP knows. */
const MAX_PORT = 65_535;
const port = (standard: number, what: string): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(1).max(MAX_PORT).describe(`TCP port of ${what}`).default(standard);

/** The launcher's environment: every variable, its unit, its default. */
export const stackConfigSchema = z.object({
  GENNAKER_DATA_DIR: z.string().default('.gennaker').describe('the folder of the data and logs'),
  GENNAKER_API_PORT: port(8080, 'the API'),
  GENNAKER_WORKER_PORT: port(8081, "the worker's health and metrics"),
  GENNAKER_TEMPORAL_PORT: port(7233, 'Temporal'),
  GENNAKER_TEMPORAL_UI_PORT: port(8233, "Temporal's own page"),
  GENNAKER_POSTGRES_PORT: port(5433, 'PostgreSQL'),
  GENNAKER_STAND_IN_PORT: port(4566, 'the AWS stand-in'),
  GENNAKER_STAND_IN_SCALE: z.coerce
    .number()
    .min(1)
    .max(1_000)
    .default(20)
    .describe("seconds of the stand-in's time in one second of ours"),
  DATABASE_URL: z.url().optional().describe('a PostgreSQL of your own'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d+$/)
    .optional()
    .describe('host:port of a Temporal server of your own'),
  TEMPORAL_NAMESPACE: z.string().default('default').describe('must exist'),
  GENNAKER_AWS: z
    .enum(['stand-in', 'real'])
    .optional()
    .describe('real: AWS by the ordinary credentials, and no stand-in is started'),
  AWS_ENDPOINT_URL: z.url().optional().describe('an AWS endpoint of your own'),
});

/** Where AWS is: our stand-in, or whatever the caller has configured. */
export type AwsChoice = 'standIn' | 'configured';

/** What one start of the stack needs to know. Ports are TCP ports on 127.0.0.1. */
export interface StackSettings {
  /** Absolute. */
  readonly dataDir: string;
  readonly ports: StackPorts;
  /** Undefined: we run one. */
  readonly databaseUrl: string | undefined;
  /** Undefined: we run one. */
  readonly temporalAddress: string | undefined;
  readonly temporalNamespace: string;
  readonly aws: AwsChoice;
  readonly standInScale: number;
  /** The environment that we were started with. */
  readonly env: Environment;
}

/** The port of each part. */
export interface StackPorts {
  readonly api: number;
  readonly worker: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly postgres: number;
  readonly standIn: number;
}

/** Reads the settings. Throws platform's ConfigError, which names every fault at once. */
export function parseStackSettings(env: Environment, cwd: string): StackSettings {
  const config = parseConfig(stackConfigSchema, env);
  const configured = config.GENNAKER_AWS === 'real' || config.AWS_ENDPOINT_URL !== undefined;
  return {
    dataDir: path.resolve(cwd, config.GENNAKER_DATA_DIR),
    ports: {
      api: config.GENNAKER_API_PORT,
      worker: config.GENNAKER_WORKER_PORT,
      temporal: config.GENNAKER_TEMPORAL_PORT,
      temporalUi: config.GENNAKER_TEMPORAL_UI_PORT,
      postgres: config.GENNAKER_POSTGRES_PORT,
      standIn: config.GENNAKER_STAND_IN_PORT,
    },
    databaseUrl: config.DATABASE_URL,
    temporalAddress: config.TEMPORAL_ADDRESS,
    temporalNamespace: config.TEMPORAL_NAMESPACE,
    aws: configured && config.GENNAKER_AWS !== 'stand-in' ? 'configured' : 'standIn',
    standInScale: config.GENNAKER_STAND_IN_SCALE,
    env,
  };
}
