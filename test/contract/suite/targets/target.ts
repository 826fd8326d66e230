import type { Credentials, Stage } from '../stage.js';

export const targetNames = ['simulator', 'moto', 'localstack', 'aws'] as const;
export type TargetName = (typeof targetNames)[number];

/** Something that claims to be AWS, or is. */
export interface Target {
  readonly name: TargetName;
  /** So many scenarios may play at once. */
  readonly concurrency: number;
  /** Plays on a stage of its own and tidies up behind it. */
  readonly withStage: <T>(play: (stage: Stage) => Promise<T>) => Promise<Played<T>>;
  readonly close: () => Promise<void>;
}

/** How a play ended, and what was called meanwhile. */
export interface Played<T> {
  readonly end: { readonly value: T } | { readonly error: unknown };
  readonly operations: ReadonlySet<string>;
  /** An operation that the target does not have, when one was called. */
  readonly missing: string | undefined;
  /** What could not be undone. */
  readonly leftBehind: readonly string[];
}

export interface Wiring {
  readonly settings: {
    readonly endpoint?: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials?: Credentials;
  };
  /** Whether the target has no such operation, judged by the error that calling it gave. */
  readonly isMissing: (operation: string, error: unknown) => boolean;
}
