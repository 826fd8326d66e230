import path from 'node:path';
import { startSimulator } from '@gennaker/simulator';
import { provideMoto, pythonFolder, run } from './environment.js';

const DEPLOY_TIMEOUT_MS = 50_000;

/** Runs red_black.py against a stand-in of its own on the virtual clock; gives what the replies said. */
export async function deployThroughBoto3(): Promise<unknown> {
  const { python } = await provideMoto();
  const running = await startSimulator({
    clock: { kind: 'virtual' },
    // The script lets stated times pass, in which everything must have come up.
    adversarial: { staleShare: 0, appStartSeconds: 0 },
  });
  try {
    const script = path.join(pythonFolder, 'red_black.py');
    return JSON.parse(await run(python, [script, running.url], DEPLOY_TIMEOUT_MS));
  } finally {
    await running.close();
  }
}
