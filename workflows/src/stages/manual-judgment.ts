import type { ManualJudgmentStage } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awaitJudgment, judgedStop } from '../operations/await-judgment.js';
import { runStep } from '../steps.js';
import type { StageTask } from './stage-task.js';

/** Asks a person; outputs the decision, the choice, who and why. `stop` ends the stage TERMINAL. */
export const manualJudgmentTask: StageTask<ManualJudgmentStage> = (context, spec) => {
  const step = {
    id: 'judge',
    operation: 'awaitJudgment',
    title: `Wait for the judgment of ${spec.name}`,
  };
  return runStep(context, step, () => judged(context, spec));
};

async function judged(context: AttemptContext, spec: ManualJudgmentStage) {
  const given = await awaitJudgment(context, {
    judgmentId: 'judge',
    instructions: spec.instructions ?? '',
    inputs: spec.judgmentInputs,
  });
  if (given.decision === 'stop') throw judgedStop(given);
  const { decision, input, by, reason } = given;
  return { decision, input, by, reason };
}
