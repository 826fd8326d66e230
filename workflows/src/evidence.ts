import type {
  FailureEvidence,
  ScalingActivityRecord,
  ServerGroupRef,
  UndoCause,
  UndoEntry,
} from '@gennaker/domain';
import { patched } from '@temporalio/workflow';
import type { AttemptContext } from './attempt-context.js';
import { awsReadsWithin } from './proxies.js';

/** How long the reads for the summary may take before it is written without them. */
export const evidenceMs = 15_000;

/** Undo entries of what makes Auto Scaling launch new instances. */
const launching: readonly string[] = [
  'destroyServerGroup',
  'restoreServerGroup',
  'rollbackInstanceRefresh',
];

/**
 * Auto Scaling's words about the group that this attempt made, grew or refreshed, while it is still there; and, where something
 * has failed, how its targets stand and what its instances say. What cannot be read in time is left out.
 */
export async function keptEvidence(
  context: AttemptContext,
  cause: UndoCause,
): Promise<{
  readonly scalingActivities: readonly ScalingActivityRecord[];
  readonly evidence?: FailureEvidence;
}> {
  const made = groupInQuestion(context);
  if (made === undefined) return { scalingActivities: [] };
  const { subject } = made;
  const [scalingActivities, evidence] = await Promise.all([
    groupActivities(context, subject),
    // Runs of older releases have not read it; a cancel is nobody's failure.
    cause !== 'cancel' && patched('failureEvidence') ? failureEvidence(context, subject) : null,
  ]);
  return { scalingActivities, ...(evidence !== null && { evidence }) };
}

/** The group that the last step was about, where several were made as for a canary; else the one made last. */
function groupInQuestion({ state }: AttemptContext): UndoEntry | undefined {
  const made = state.undo
    .filter(({ status, entry }) => status === 'pending' && launching.includes(entry.operation))
    .map(({ entry }) => entry);
  const lastStepId = state.steps.at(-1)?.stepId;
  const subject = state.plan?.steps.find(({ id }) => id === lastStepId)?.subject;
  return made.find((entry) => entry.subject.serverGroup === subject?.serverGroup) ?? made.at(-1);
}

function groupActivities(
  context: AttemptContext,
  subject: ServerGroupRef,
): Promise<readonly ScalingActivityRecord[]> {
  return orElse([], () => awsReadsWithin(evidenceMs).readScalingActivities(of(context, subject)));
}

function failureEvidence(
  context: AttemptContext,
  subject: ServerGroupRef,
): Promise<FailureEvidence | null> {
  return orElse(null, () => awsReadsWithin(evidenceMs).readFailureEvidence(of(context, subject)));
}

function of(context: AttemptContext, subject: ServerGroupRef) {
  const options = { priority: 'undo', deadline: context.state.deadline } as const;
  return { context: context.operation('evidence', subject.serverGroup, options), subject };
}

/** The summary says "unknown" rather than keeping the stage from ending. */
export async function orElse<T>(otherwise: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch {
    return otherwise;
  }
}
