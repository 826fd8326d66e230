import type { StackAddresses } from '../launch/start-parts.js';
import { withStack } from '../launch/stack.js';
import type { Console } from '../setup/console.js';
import type { CommandContext } from './command-context.js';

const KILLED_STATUS = 130;

/**
 * Runs the stack until somebody asks it to stop; gives 0 then. The data stay for the next start.
 * Throws a SetupFailure when a step fails or a part falls again and again.
 */
export async function runStart(context: CommandContext): Promise<number> {
  const { settings, programs, console, stop } = context;
  const startedAt = performance.now();
  const options = { settings, programs, console, stopping: stop.signal, temporary: false };
  try {
    await withStack(
      options,
      (ledger) => killAtSecondSignal(context, ledger.killAll),
      async ({ addresses, failed }) => {
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
        console.line(`\nEverything runs (${seconds} s).`);
        printAddresses(console, addresses);
        console.line('Ctrl-C stops it.');
        throw await failed;
      },
    );
  } catch (error) {
    if (!stop.signal.aborted) {
      throw error;
    }
  }
  console.line('Stopped. The data stay for the next start.');
  return 0;
}

/** Says where everything is. */
export function printAddresses(console: Console, addresses: StackAddresses): void {
  console.line(`  API documentation    ${addresses.api}/docs`);
  if (addresses.temporalUi !== undefined) {
    console.line(`  Temporal's own page  ${addresses.temporalUi}`);
  }
  if (addresses.standIn !== undefined) {
    console.line(`  AWS stand-in         ${addresses.standIn}`);
  }
  console.line(`  Data and logs        ${addresses.dataDir}`);
}

/** Ctrl-C a second time: every child is killed at once and so are we. */
export function killAtSecondSignal(context: CommandContext, killAll: () => Promise<void>): void {
  const { console, stop } = context;
  const announce = (): void => console.line('\nStopping; Ctrl-C again kills everything at once.');
  stop.signal.addEventListener('abort', announce, { once: true });
  stop.onImpatience(() => {
    console.line('Killing everything.');
    void killAll().finally(() => process.exit(KILLED_STATUS));
  });
}
