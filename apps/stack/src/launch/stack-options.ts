import type { StackSettings } from '../config/stack-settings.js';
import type { Console } from '../setup/console.js';
import type { Programs } from './programs.js';

/** What to start and how to speak about it. */
export interface StackOptions {
  readonly settings: StackSettings;
  readonly programs: Programs;
  readonly console: Console;
  /** Aborted when the stack is to stop; a set-up under way is given up then. */
  readonly stopping: AbortSignal;
  /** True: the data folder is removed afterwards, also when we are killed. */
  readonly temporary: boolean;
}
