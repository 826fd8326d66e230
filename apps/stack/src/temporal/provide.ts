import { SetupFailure } from '../setup/setup-failure.js';
import type { Progress } from '../setup/progress.js';
import { findInCache, findOnPath, temporalCacheFile } from './find-binary.js';
import { TEMPORAL_CLI_VERSION } from './release.js';

/** Where the pinned Temporal CLI may come from. */
export interface TemporalSources {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Gives the pinned Temporal CLI: from the search path, else from the cache. */
export async function provideTemporal(
  sources: TemporalSources,
  progress: Progress,
): Promise<string> {
  const onPath = await findOnPath(sources.env['PATH'] ?? '');
  if (onPath !== undefined) {
    progress.say(`version ${TEMPORAL_CLI_VERSION} from the search path: ${onPath}`);
    return onPath;
  }
  const cached = await findInCache(temporalCacheFile(sources.env));
  if (cached !== undefined) {
    progress.say(`version ${TEMPORAL_CLI_VERSION} from the cache: ${cached}`);
    return cached;
  }
  throw new SetupFailure({ step: 'get the Temporal server', why: 'not there', remedies: [] });
}
