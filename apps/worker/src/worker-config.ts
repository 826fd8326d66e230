import { logLevels, temporalSettingsFault, temporalVariables } from '@gennaker/platform';
import { z } from 'zod';

const account = z.strictObject({
  name: z.string().min(1),
  accountId: z.string().regex(/^\d{12}$/, '12 digits'),
  regions: z.array(z.string().min(1)).min(1),
  roleArn: z.string().startsWith('arn:').exactOptional(),
  externalId: z.string().min(2).exactOptional(),
});

const accounts = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `not JSON: ${String(error)}` });
      return z.NEVER;
    }
  })
  .pipe(z.array(account).min(1).max(500));

const port = z.coerce.number().int().min(0).max(65_535);

/** The worker's environment: every variable, its unit, its default. */
export const workerConfigSchema = z
  .object({
    DATABASE_URL: z
      .string()
      .startsWith('postgres')
      .describe('postgres://user:password@host:port/database'),
    ...temporalVariables,
    GENNAKER_ACCOUNTS: accounts.describe(
      'JSON list of {"name","accountId","regions",["roleArn"],["externalId"]}',
    ),
    AWS_ENDPOINT_URL: z.url().optional().describe('a stand-in for AWS; never set in production'),
    GENNAKER_AWS_POLL_SECONDS: z.coerce
      .number()
      .min(0.1)
      .max(300)
      .default(5)
      .describe('period of the shared reader, in seconds; 1 against the stand-in'),
    GENNAKER_WORKERS: z.coerce
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(1)
      .describe('live workers that share the AWS rate budget'),
    GENNAKER_WORKER_HOST: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('the address of the health port'),
    GENNAKER_WORKER_PORT: port.default(8081).describe('health and metrics; 0 = any free port'),
    GENNAKER_CACHED_WORKFLOWS: z.coerce
      .number()
      .int()
      .min(0)
      .max(5000)
      .default(300)
      .describe('runs kept in memory between their tasks, about 1 MiB each'),
    GENNAKER_LOG_LEVEL: z.enum(logLevels).default('info').describe('what is written to the log'),
  })
  .superRefine((config, context) => {
    const fault = temporalSettingsFault(config);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  });

export type WorkerConfig = Readonly<z.output<typeof workerConfigSchema>>;
