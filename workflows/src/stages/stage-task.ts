import type { JsonObject, StageSpec } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';

/**
 * The work of one stage type. It runs in a scope that is cancelled at the deadline, on cancel, and when the run continues
 * as new; it must be able to go on from the attempt's recorded steps. Throws StageFailure or an activity's failure.
 */
export type StageTask<Spec extends StageSpec> = (
  context: AttemptContext,
  spec: Spec,
) => Promise<JsonObject>;
