import { cancelGraceSeconds, type DeployPlan, type PlanStep } from '@gennaker/domain';
import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { AttemptContext } from '../attempt-context.js';
import { errorRecordOf } from '../failures.js';
import { runStep } from '../steps.js';
import { runPlanStep } from './plan-steps.js';

/**
 * Runs a step that comes after the verified switch. What fails of it must not undo the switch: the failure, or that the
 * stage's time was up, is returned in words, and null where it is done. Only a cancel of the stage is thrown on.
 */
export async function runTeardownStep(
  context: AttemptContext,
  plan: DeployPlan,
  step: PlanStep,
): Promise<string | null> {
  const known = context.state.steps.find((candidate) => candidate.stepId === step.id);
  if (known?.status === 'SUCCEEDED') return null;
  // A failure that an earlier run has reported is not tried again: its time may be up.
  if (known?.status === 'TERMINAL') return notDone(step, known.error?.message ?? 'it failed');
  // The stage's own deadline would undo the switch: the step has to have ended before it, cancelled if it must be.
  const leftMs = context.deadlineMs() - Date.now() - cancelGraceSeconds * 1000;
  if (leftMs <= 0) return notDone(step, timeIsUp);
  const outer = CancellationScope.current();
  try {
    await CancellationScope.withTimeout(leftMs, () =>
      runStep(context, step, () => runPlanStep(context, plan, step)),
    );
    return null;
  } catch (error) {
    // A cancel undoes the stage, whatever the call that it met ended with: a worker that died at that moment, too.
    const isCancelled = outer.consideredCancelled && patched('cancelInTeardown');
    if (!isCancellation(error) && !isCancelled) return notDone(step, errorRecordOf(error).message);
    if (outer.consideredCancelled) throw error;
    return notDone(step, timeIsUp);
  }
}

const timeIsUp = 'the time of the stage was up';

function notDone({ title }: PlanStep, why: string): string {
  return `${title}: ${why}`;
}
