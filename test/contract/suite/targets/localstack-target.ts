import { contractSettings } from '../../../support/contract/settings.js';
import { readError } from '../refusal.js';
import { Skipped } from '../stage.js';
import { playOn } from './make-stage.js';
import type { Target } from './target.js';

const LOOKS = { secondsBetween: 2, max: 90 } as const;
const REACHABLE_TIMEOUT_MS = 5000;

/** Why LocalStack cannot be asked; `undefined`: there is a token, and it answers. */
export async function whyNoLocalstack(): Promise<string | undefined> {
  const { localstackToken, localstackUrl } = contractSettings();
  if (localstackToken === undefined)
    return 'LOCALSTACK_AUTH_TOKEN is not set: its free edition has neither Auto Scaling nor ELBv2';
  try {
    const response = await fetch(`${localstackUrl}/_localstack/health`, {
      signal: AbortSignal.timeout(REACHABLE_TIMEOUT_MS),
    });
    const { edition } = (await response.json()) as { readonly edition?: string };
    return edition === 'gennaker-simulator'
      ? `${localstackUrl} is our own stand-in and not LocalStack`
      : undefined;
  } catch {
    return `nothing answers at ${localstackUrl}`;
  }
}

/** LocalStack as it runs; what takes long there, takes long here. */
export async function localstackTarget(): Promise<Target> {
  return {
    name: 'localstack',
    concurrency: 4,
    withStage: async (play) =>
      playOn(
        {
          wiring: {
            settings: {
              endpoint: contractSettings().localstackUrl,
              region: 'eu-west-1',
              maxAttempts: 3,
              credentials: { accessKeyId: '111111111111', secretAccessKey: 'unused' },
            },
            isMissing: (_operation, error) => readError(error).status === 501,
          },
          looks: LOOKS,
          passTime: reallyWait,
          refusesTo: () => undefined,
          failHealthChecks: async () => {},
          prefix: '',
        },
        play,
      ),
    close: async () => {},
  };
}

/** The longest that a scenario may have to be waited for. */
const WAIT_SECONDS_MAX = 120;

/** Waits by the clock on the wall; a scenario that needs longer is skipped. */
export async function reallyWait(seconds: number): Promise<void> {
  if (seconds > WAIT_SECONDS_MAX)
    throw new Skipped(`it needs ${seconds} s to pass, and this target's clock cannot be advanced`);
  await new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}
