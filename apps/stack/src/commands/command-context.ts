import type { StackSettings } from '../config/stack-settings.js';
import type { Programs } from '../launch/programs.js';
import type { StopRequest } from '../launch/stop-request.js';
import type { Console } from '../setup/console.js';

/** What every command is given. */
export interface CommandContext {
  readonly settings: StackSettings;
  readonly programs: Programs;
  readonly console: Console;
  readonly stop: StopRequest;
}
