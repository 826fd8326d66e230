import type { ResumeProcessesStage, SuspendProcessesStage } from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { forward } from '../../operations/step-operation.js';
import { awsWrites } from '../../proxies.js';
import { runStep } from '../../steps.js';
import type { StageTask } from '../stage-task.js';
import { targeted, type Target } from './target.js';

/** Suspends scaling processes; those that were suspended before stay so whatever happens. Undone by resuming the others. */
export const suspendProcessesTask: StageTask<SuspendProcessesStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const { serverGroup, suspendedProcesses } = target.before;
  const suspend = spec.processes.filter((one) => !suspendedProcesses.includes(one));
  recordProcesses(context, target, { id: 'processes', suspend: [], resume: suspend });
  await changeProcesses(context, target, { id: 'processes', suspend, resume: [] });
  return { serverGroup, changed: suspend };
};

/** Resumes scaling processes; undone by suspending again what was suspended before. */
export const resumeProcessesTask: StageTask<ResumeProcessesStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const { serverGroup, suspendedProcesses } = target.before;
  const resume = spec.processes.filter((one) => suspendedProcesses.includes(one));
  recordProcesses(context, target, { id: 'processes', suspend: resume, resume: [] });
  await changeProcesses(context, target, { id: 'processes', suspend: [], resume });
  return { serverGroup, changed: resume };
};

/** Processes to suspend and to resume in one step. */
export interface ProcessChange {
  readonly id: string;
  readonly suspend: readonly string[];
  readonly resume: readonly string[];
}

/** Records what brings the processes back, before they are changed. */
export function recordProcesses(
  context: AttemptContext,
  { before, subject }: Target,
  { id, suspend, resume }: ProcessChange,
): void {
  if (suspend.length + resume.length === 0) return;
  if (context.state.undo.some(({ entry }) => entry.id === id)) return;
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id,
      operation: 'restoreProcesses',
      title: `${titleOf(before.serverGroup, { suspend, resume })} again`,
      subject,
      arn: before.arn,
      suspend,
      resume,
    },
  });
}

/** One step that changes them; none where there is nothing to change. */
export async function changeProcesses(
  context: AttemptContext,
  { before, subject }: Target,
  { id, suspend, resume }: ProcessChange,
): Promise<void> {
  if (suspend.length + resume.length === 0) return;
  const title = titleOf(before.serverGroup, { suspend, resume });
  const step = { id, operation: 'changeServerGroupProcesses', title, subject };
  await runStep(context, step, async () => {
    await awsWrites(context.deadlineMs()).changeServerGroupProcesses({
      context: forward(context, step),
      subject,
      arn: before.arn,
      suspend,
      resume,
    });
    return { suspended: suspend, resumed: resume };
  });
}

function titleOf(
  serverGroup: string,
  { suspend, resume }: Pick<ProcessChange, 'suspend' | 'resume'>,
): string {
  const verb = suspend.length > 0 ? 'Suspend' : 'Resume';
  return `${verb} ${[...suspend, ...resume].join(', ')} of ${serverGroup}`;
}
