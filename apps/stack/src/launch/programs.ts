import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { SetupFailure } from '../setup/setup-failure.js';

/** The entry files of the parts that are programs of this checkout. */
export interface Programs {
  readonly standIn: string;
  readonly seed: string;
  readonly api: string;
  readonly worker: string;
}

/** The top folder of this checkout. */
export const PROJECT_FOLDER = fileURLToPath(new URL('../../../../', import.meta.url));

/** The built programs of this checkout. Throws a SetupFailure when one is not built. */
export function getPrograms(): Programs {
  return {
    standIn: getBuilt('localstack/simulator/dist/main.js'),
    seed: getBuilt('localstack/seed/dist/main.js'),
    api: getBuilt('apps/api/dist/main.js'),
    worker: getBuilt('apps/worker/dist/main.js'),
  };
}

function getBuilt(relative: string): string {
  const file = path.join(PROJECT_FOLDER, relative);
  if (!existsSync(file)) {
    throw new SetupFailure({
      step: 'find our programs',
      why: `${relative} does not exist`,
      remedies: ['Run "npm run build".'],
    });
  }
  return file;
}
