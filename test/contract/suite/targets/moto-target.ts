import { AssertionError } from 'node:assert/strict';
import { provideMoto } from '../python/environment.js';
import { startMoto } from '../python/moto-server.js';
import { playOn } from './make-stage.js';
import type { Target } from './target.js';

/** Nothing in moto happens by time: what has not happened after a few looks will not happen. */
const LOOKS = { secondsBetween: 0, max: 4 } as const;

/** moto, pinned, on a free port. What moto has not got is asked of its own code, for its reply does not say. */
export async function motoTarget(): Promise<Target> {
  const environment = await provideMoto();
  const server = await startMoto(environment);
  return {
    name: 'moto',
    concurrency: 4,
    withStage: async (play) =>
      playOn(
        {
          wiring: {
            settings: {
              endpoint: server.url,
              region: 'eu-west-1',
              maxAttempts: 1,
              credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
            },
            isMissing: (operation) => !server.operations.has(operation),
          },
          looks: LOOKS,
          passTime: async () => {},
          refusesTo: () => undefined,
          failHealthChecks: async () => {
            throw new AssertionError({ message: 'no target can be made unhealthy here' });
          },
          prefix: '',
        },
        play,
      ),
    close: server.close,
  };
}
