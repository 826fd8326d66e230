import { setTimeout as pause } from 'node:timers/promises';
import { GennakerError } from '@gennaker/domain';
import type { Logger } from '@gennaker/platform';

/** A service that must answer before the process can serve. */
export interface NeededService {
  readonly name: string;
  /** Rejects while the service is not there. */
  readonly probe: () => Promise<void>;
}

export interface AwaitOptions {
  readonly logger: Logger;
  readonly deadlineSeconds: number;
  readonly stop: AbortSignal;
}

/** Between tries: soon at first, since services mostly start together, later every five seconds. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * Resolves when the service answers; tells each try that failed. Throws SERVICE_UNAVAILABLE at the deadline, with what was
 * found last, and the abort's reason when it is stopped.
 */
export async function awaitService(service: NeededService, options: AwaitOptions): Promise<void> {
  const { logger, deadlineSeconds, stop } = options;
  const deadline = Date.now() + deadlineSeconds * 1000;
  for (let attempt = 1; ; attempt += 1) {
    stop.throwIfAborted();
    const failure = await failureOf(service);
    if (failure === undefined) return;
    const nextTryMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
    if (Date.now() + nextTryMs >= deadline) throw tooLate(service, deadlineSeconds, failure);
    logger.warn(
      { service: service.name, attempt, nextTryMs, err: failure },
      'a service is not there yet; trying again',
    );
    await pause(nextTryMs, undefined, { signal: stop });
  }
}

async function failureOf(service: NeededService): Promise<Error | undefined> {
  try {
    await service.probe();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function tooLate(service: NeededService, seconds: number, cause: Error): GennakerError {
  return new GennakerError(
    'SERVICE_UNAVAILABLE',
    `${service.name} did not answer within ${seconds} s: ${cause.message}`,
    { cause, details: { service: service.name } },
  );
}
