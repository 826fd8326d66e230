import { remainingSteps } from '@gennaker/domain';
import type { Run } from './run.js';

/** Says what a person has to finish: all of the execution's, since the newest such event replaces the one before. */
export function raiseAttention(run: Run): void {
  const remaining = remainingSteps(run.state);
  const refIds = [...new Set(remaining.map((step) => step.refId))];
  const reason = `the undo of stage "${refIds.join('", "')}" could not finish`;
  run.emit({ kind: 'attention.raised', reason, remaining });
}

/** After the undo of one stage was finished: what is left is of other stages, or nothing. */
export function easeAttention(run: Run): void {
  const { needsAttention } = run.state;
  if (needsAttention === null) return;
  const left = remainingSteps(run.state).length;
  if (left === 0) run.emit({ kind: 'attention.cleared' });
  else if (left !== needsAttention.remaining.length) raiseAttention(run);
}
