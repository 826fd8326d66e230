/** Where the store says what healed by itself; any structured logger fits. */
export interface StoreLogger {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Says nothing. */
export const silentLogger: StoreLogger = { warn: () => undefined, info: () => undefined };
