import { readdirSync } from 'node:fs';
import path from 'node:path';

import { PROJECT_FOLDER } from '../launch/programs.js';

/** A deployment on a Friday, with what goes wrong on one. */
export const fridayName = 'friday';

const suffix = '.yaml';

/** What `npm run demo -- NAME` can play: each example pipeline, and Friday. */
export function demoNames(): readonly string[] {
  return [...pipelineNames(), fridayName];
}

/** Names of the example pipelines, without their ending, in alphabetical order. */
function pipelineNames(): readonly string[] {
  return readdirSync(path.join(PROJECT_FOLDER, 'pipelines'))
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .toSorted();
}
