import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@gennaker/platform';

/** Nest's own lines in the process's log: what it says while it starts is for debugging only. */
export class NestLog implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown): void {
    this.#logger.debug({ message: String(message) }, 'nest');
  }

  warn(message: unknown): void {
    this.#logger.warn({ message: String(message) }, 'nest warns');
  }

  error(message: unknown, ...details: unknown[]): void {
    this.#logger.error({ message: String(message), details: details.map(String) }, 'nest failed');
  }
}
