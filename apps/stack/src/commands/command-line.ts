import { ConfigError } from '@gennaker/platform';

import type { Environment } from '../config/environment.js';
import { parseStackSettings } from '../config/stack-settings.js';
import { getPrograms } from '../launch/programs.js';
import type { Programs } from '../launch/programs.js';
import { listenForStop } from '../launch/stop-request.js';
import { streamConsole } from '../setup/console.js';
import type { Console } from '../setup/console.js';
import { describeFailure, messageOf, SetupFailure } from '../setup/setup-failure.js';
import { parseArguments } from './arguments.js';
import type { Command } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { runDemo } from './demo.js';
import { HELP } from './help.js';
import { runStart } from './start.js';

const USAGE_STATUS = 2;

/** One call of the launcher. */
export interface Invocation {
  /** The words behind the program's name. */
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** The programs to run; those of this checkout unless told otherwise. */
  readonly findPrograms?: () => Programs;
}

/**
 * Runs one command and gives the exit status: 0, 1 when a step or the story failed, 2 when the
 * command line or the configuration is wrong, 130 when the demo was interrupted.
 */
export async function runCommandLine(invocation: Invocation): Promise<number> {
  const { args, env, cwd, findPrograms = getPrograms } = invocation;
  const console = streamConsole(process.stdout);
  const errors = streamConsole(process.stderr);
  const parsed = parseArguments(args);
  if (parsed.kind === 'wrong') {
    errors.line(`${parsed.fault}\n\n${HELP}`);
    return USAGE_STATUS;
  }
  if (parsed.command.name === 'help') {
    console.line(HELP);
    return 0;
  }
  const stop = listenForStop(env['npm_lifecycle_event'] !== undefined);
  try {
    const settings = parseStackSettings(env, cwd);
    return await runCommand(parsed.command, { settings, programs: findPrograms(), console, stop });
  } catch (error) {
    return explain(error, errors);
  } finally {
    stop.dispose();
  }
}

async function runCommand(command: Command, context: CommandContext): Promise<number> {
  switch (command.name) {
    case 'start':
      return runStart(context);
    case 'demo':
      return runDemo(context, command);
    case 'help':
      return 0;
  }
}

function explain(error: unknown, errors: Console): number {
  if (error instanceof SetupFailure) {
    errors.line(describeFailure(error));
    return 1;
  }
  if (error instanceof ConfigError) {
    errors.line(error.message);
    return USAGE_STATUS;
  }
  errors.line(`FAILED: ${messageOf(error)}`);
  return 1;
}
