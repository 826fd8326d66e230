import { startSimulator, type SimulatorOptions } from '@gennaker/simulator';
import { readError } from '../refusal.js';
import { playOn } from './make-stage.js';
import type { Target } from './target.js';

const VIRTUAL = { clock: { kind: 'virtual' } } as const;
const LOOKS = { secondsBetween: 5, max: 120 } as const;

/**
 * The stand-in in this process: a world of its own for each scenario, on the virtual clock. Lists are shuffled and
 * pages small, as they may be on AWS; stale reads are off, for what they do has tests of its own.
 */
export function simulatorTarget(
  options: Pick<SimulatorOptions, 'clock' | 'seed'> = VIRTUAL,
): Target {
  return {
    name: 'simulator',
    concurrency: 1,
    withStage: async (play) => {
      const running = await startSimulator({
        ...options,
        adversarial: { staleShare: 0 },
      });
      try {
        return await playOn(
          {
            wiring: {
              settings: {
                endpoint: running.url,
                region: 'eu-west-1',
                maxAttempts: 1,
                credentials: { accessKeyId: '111111111111', secretAccessKey: 'unused' },
              },
              isMissing: (_operation, error) => readError(error).status === 501,
            },
            looks: LOOKS,
            passTime: async (seconds) => control(running.url, '/clock/advance', { seconds }),
            refusesTo: () => undefined,
            failHealthChecks: async (imageId) =>
              control(running.url, `/images/${imageId}/fault`, { faulty: true }),
            prefix: '',
          },
          play,
        );
      } finally {
        await running.close();
      }
    },
    close: async () => {},
  };
}

async function control(url: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${url}/_simulator${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`The control route refused: ${await response.text()}`);
}
