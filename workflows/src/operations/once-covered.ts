import type { DeployPlan, DisableGuard, JsonObject } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { errorRecordOf } from '../failures.js';
import { matchServerGroup } from './match-server-group.js';

/** How often the new group may have been outgrown at the very moment of the switch before the stage gives up. */
const switchTriesMax = 5;

/**
 * Makes a guarded change. Where the guard finds that what is replaced has outgrown the new group since the last look, that
 * one grows once more. Returns the sizes that it has grown to, if it did.
 */
export async function onceCovered(
  context: AttemptContext,
  {
    plan,
    guard,
  }: { readonly plan: Pick<DeployPlan, 'steps'>; readonly guard: DisableGuard | undefined },
  change: () => Promise<unknown>,
): Promise<JsonObject> {
  const match = plan.steps.find((one) => one.operation === 'matchServerGroup');
  let matched: JsonObject = {};
  for (let attempt = 1; ; attempt += 1) {
    try {
      await change();
      return matched;
    } catch (error) {
      const mayMatch = match !== undefined && guard?.coveringPercent !== undefined;
      const isGuard = errorRecordOf(error).code === 'TRAFFIC_GUARD';
      if (!mayMatch || !isGuard || attempt === switchTriesMax) throw error;
      matched = await matchServerGroup(context, match);
    }
  }
}
