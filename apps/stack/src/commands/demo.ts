import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Environment } from '../config/environment.js';
import type { StackSettings } from '../config/stack-settings.js';
import { fridayName } from '../demo/demo-names.js';
import { FRIDAY_INSTANCES, playFriday } from '../demo/friday.js';
import type { FridayStage } from '../demo/friday.js';
import { playPipeline } from '../demo/play-pipeline.js';
import { playStory } from '../demo/story.js';
import { StoryFailure } from '../demo/story-failure.js';
import { withStack } from '../launch/stack.js';
import type { RunningStack } from '../launch/stack.js';
import { findFreePort } from '../net/ports.js';
import { logTail } from '../process/log-tail.js';
import type { CommandContext } from './command-context.js';
import { killAtSecondSignal, printAddresses } from './start.js';

const INTERRUPTED_STATUS = 130;

/**
 * Plays the story on a stack of its own: a temporary folder, free ports, our own services whatever is
 * configured, so that nothing of the caller's is touched. Gives 0 when the story went as it must, 1
 * when it did not, 130 when it was interrupted. `keep` leaves the stack up until Ctrl-C.
 */
export async function runDemo(
  context: CommandContext,
  { keep, play }: { readonly keep: boolean; readonly play: string | undefined },
): Promise<number> {
  const { programs, console, stop } = context;
  const settings = await demoSettings(context.settings, play);
  const startedAt = performance.now();
  const options = { settings, programs, console, stopping: stop.signal, temporary: true };
  let told = false;
  try {
    await withStack(
      options,
      (ledger) => killAtSecondSignal(context, ledger.killAll),
      async (stack) => {
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
        console.line(`\nEverything runs (${seconds} s). The story begins.`);
        printAddresses(console, stack.addresses);
        await playOn(stack, context, play);
        told = true;
        if (keep) {
          console.line('\nEverything stays up. Ctrl-C stops it and removes its data.');
          printAddresses(console, stack.addresses);
          throw await stack.failed;
        }
      },
    );
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      return told ? 0 : INTERRUPTED_STATUS;
    }
    throw error;
  }
}

async function playOn(
  stack: RunningStack,
  { console }: CommandContext,
  play: string | undefined,
): Promise<void> {
  const { api, standIn = '', dataDir } = stack.addresses;
  const stage = { apiUrl: api, standInUrl: standIn, console, dataDir };
  const broken = stack.failed.then((failure) => {
    throw failure;
  });
  try {
    await Promise.race([played(stage, play), broken]);
  } catch (error) {
    if (error instanceof StoryFailure) {
      for (const part of ['api', 'worker'] as const) {
        const file = path.join(stack.addresses.dataDir, 'logs', `${part}.log`);
        console.line(`\nThe last of the ${part}'s log:\n${logTail(file)}`);
      }
    }
    throw error;
  }
}

function played(stage: FridayStage, play: string | undefined): Promise<void> {
  if (play === undefined) {
    return playStory(stage);
  }
  return play === fridayName ? playFriday(stage) : playPipeline(play, stage);
}

async function demoSettings(
  settings: StackSettings,
  play: string | undefined,
): Promise<StackSettings> {
  const ports = await Promise.all(Array.from({ length: 6 }, findFreePort));
  const [api = 0, worker = 0, temporal = 0, temporalUi = 0, postgres = 0, standIn = 0] = ports;
  return {
    ...settings,
    dataDir: mkdtempSync(path.join(tmpdir(), 'gennaker-demo-')),
    ports: { api, worker, temporal, temporalUi, postgres, standIn },
    databaseUrl: undefined,
    temporalAddress: undefined,
    temporalNamespace: 'default',
    aws: 'standIn',
    env: {
      ...withoutOurSettings(settings.env),
      ...(play === fridayName && { SEED_INSTANCES: String(FRIDAY_INSTANCES) }),
    },
  };
}

/** The demo's accounts, polling and addresses are its own; only the way to Temporal is the caller's. */
function withoutOurSettings(env: Environment): Environment {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('GENNAKER_') || name === 'GENNAKER_TEMPORAL_RELEASE_URL',
  );
  return Object.fromEntries(kept);
}
