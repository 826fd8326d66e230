import '@gennaker/platform/small-young-generation';

import {
  ConfigError,
  createLogger,
  parseConfig,
  redactConfig,
  type Logger,
} from '@gennaker/platform';

import { apiConfigSchema, type ApiConfig } from './config/api-config.js';
import { runApi } from './start/run-api.js';

/** Longest orderly shutdown, in milliseconds; what has not ended by then is cut off. */
const shutdownBoundMs = 9_000;

/** Exit statuses. */
const exits = { stopped: 0, failed: 1, misconfigured: 2 } as const;

const config = readConfig();
const logger = createLogger({ name: 'api', level: config.GENNAKER_LOG_LEVEL });
logger.info({ config: redactConfig(config) }, 'starting');
process.exit(await runUntilStopped(config, logger));

/** Serves until SIGTERM or SIGINT; the exit status. */
async function runUntilStopped(settings: ApiConfig, log: Logger): Promise<number> {
  const signal = nextSignal();
  try {
    const api = await runApi(settings, log);
    const failure = await Promise.race([
      signal,
      api.ready.then(
        () => signal,
        (error: unknown) => ({ error }),
      ),
    ]);
    if (typeof failure === 'object') tellFailure(failure.error, log);
    else log.info({ signal: failure }, 'stopping');
    await Promise.race([api.close(), cutOff(log)]);
    return typeof failure === 'object' ? exits.failed : exits.stopped;
  } catch (error) {
    tellFailure(error, log);
    return exits.failed;
  }
}

/** To the log with its cause, and to a person's terminal in one sentence. */
function tellFailure(error: unknown, log: Logger): void {
  log.error({ err: error }, 'could not start');
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT']) process.once(name, () => resolve(name));
  });
}

function cutOff(log: Logger): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      log.warn({ afterMs: shutdownBoundMs }, 'requests that were still open are cut off');
      resolve();
    }, shutdownBoundMs).unref();
  });
}

function readConfig(): ApiConfig {
  try {
    return parseConfig(apiConfigSchema, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exits.misconfigured);
  }
}
