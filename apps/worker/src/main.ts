import '@gennaker/platform/small-young-generation';

import { ConfigError, createLogger, parseConfig, redactConfig } from '@gennaker/platform';
import { DefaultLogger, Runtime } from '@temporalio/worker';

import { workerConfigSchema, type WorkerConfig } from './worker-config.js';
import { startWorkerProcess } from './worker-process.js';

/** Reads the configuration, runs the worker, and drains it on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger({ name: 'worker', level: config.GENNAKER_LOG_LEVEL });
  logger.info({ config: redactConfig(config) }, 'worker starts');
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) =>
      logger[level === 'ERROR' ? 'error' : 'warn']({ ...meta }, message),
    ),
  });
  const running = await startWorkerProcess(config, logger);
  logger.info({}, 'worker polls');
  const signalled = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => resolve(signal));
  });
  const reason = await Promise.race([signalled, running.ended.then(() => 'its task queues ended')]);
  logger.info({ reason }, 'worker drains');
  await running.stop();
  logger.info({}, 'worker ended');
}

function readConfig(): WorkerConfig {
  try {
    return parseConfig(workerConfigSchema, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(
    `The worker cannot go on: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
}
