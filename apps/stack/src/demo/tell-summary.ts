import { tellLine } from './telling.js';
import type { Telling } from './telling.js';

/** Tells what a person sees of a stage that went wrong: what failed, what serves, what was undone, and what one may do. */
export async function tellSummary(
  telling: Telling,
  executionId: string,
  refId: string,
): Promise<void> {
  const summary = await telling.api.getStageSummary(executionId, refId);
  tellLine(telling, `what failed: ${summary.failed.message}`);
  for (const message of new Set(summary.scalingActivities.map((activity) => activity.message))) {
    if (message !== null) {
      tellLine(telling, `Auto Scaling's own words: ${message}`);
    }
  }
  for (const group of summary.serving?.serverGroups ?? []) {
    const state = group.enabled ? 'serves' : 'is disabled';
    const shares = (group.weights ?? []).map(({ rule, percent }) => `${percent} % of the ${rule}`);
    const weighted = shares.length === 0 ? '' : `, with ${shares.join(', ')}`;
    const health = `${group.healthy} of ${group.wanted} healthy`;
    tellLine(telling, `${group.serverGroup} ${state}, ${health}${weighted}`);
  }
  summary.undone.forEach((undone) => tellLine(telling, `undone: ${undone}`));
  summary.notUndone.forEach((left) => tellLine(telling, `NOT undone: ${left}`));
  summary.actions.forEach(({ label, effect }) =>
    tellLine(telling, `you may: ${label} (${effect})`),
  );
}
