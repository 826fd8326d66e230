import { attentionActions } from '../undo/attention.js';
import type { ErrorRecord } from '../errors.js';
import type {
  ScalingActivityRecord,
  ServingServerGroup,
  StageAction,
  StageSummary,
} from './execution-event.js';
import type { UndoState } from './execution-state.js';
import { targetWords, type EvidenceSummary } from './failure-evidence.js';

/** What a summary is made of: all read or recorded, nothing guessed. */
export interface SummaryFacts {
  readonly executionId: string;
  readonly refId: string;
  readonly attempt: number;
  readonly error: ErrorRecord;
  readonly scalingActivities: readonly ScalingActivityRecord[];
  readonly evidence?: EvidenceSummary | undefined;
  readonly serving: {
    readonly observedAt: string;
    readonly serverGroups: readonly ServingServerGroup[];
  } | null;
  readonly undo: readonly UndoState[];
  /** Of what the stage has left in traffic: see leftoverRollback. */
  readonly rollback: StageAction | null;
}

/** D16: what a person sees when a stage went wrong. At most three actions. */
export function stageSummary(facts: SummaryFacts): StageSummary {
  const { error, undo, evidence } = facts;
  return {
    failed: {
      message: failedMessage(facts),
      call: textDetail(error, 'call'),
      requestId: textDetail(error, 'requestId'),
    },
    scalingActivities: facts.scalingActivities,
    ...(evidence !== undefined && { evidence: { ...evidence, href: evidencePath(facts) } }),
    serving: facts.serving,
    undone: undo.filter((one) => one.status === 'done').map(titleWithNote),
    notUndone: undo
      .filter((one) => one.status === 'pending' || one.status === 'failed')
      .map((one) => one.entry.title),
    actions: actions(facts),
  };
}

/** The error in its own words, then in Auto Scaling's and the targets', unless it has them. */
function failedMessage({ error, scalingActivities, evidence }: SummaryFacts): string {
  const words = autoScalingWords(scalingActivities);
  const targets = evidence === undefined ? null : targetWords(evidence);
  return [
    error.message,
    ...(words === null || error.message.includes(words) ? [] : [`Auto Scaling says: ${words}`]),
    ...(targets === null ? [] : [`Of its targets are: ${targets}`]),
  ].join('. ');
}

/** Path of what was kept of an attempt. */
function evidencePath({ executionId, refId, attempt }: SummaryFacts): string {
  const stage = `/v1/executions/${executionId}/stages/${encodeURIComponent(refId)}`;
  return `${stage}/attempts/${attempt}/evidence`;
}

function titleWithNote({ entry, note }: UndoState): string {
  return note === undefined ? entry.title : `${entry.title}: ${note}`;
}

/** The message of the newest scaling activity that failed, if one did. */
export function autoScalingWords(activities: readonly ScalingActivityRecord[]): string | null {
  return activities.find((activity) => activity.status === 'Failed')?.message ?? null;
}

function actions(facts: SummaryFacts): readonly StageAction[] {
  if (facts.undo.some((one) => one.status === 'failed')) return attentionActions(facts.executionId);
  return [
    {
      label: 'Retry the stage',
      method: 'POST',
      href: `/v1/executions/${facts.executionId}/stages/${facts.refId}/retry`,
      effect: `Makes attempt ${facts.attempt + 1} of this stage and runs the stages after it; finished stages stay.`,
    },
    ...(facts.rollback === null ? [] : [facts.rollback]),
  ];
}

function textDetail(error: ErrorRecord, key: string): string | null {
  const value = error.details[key];
  return typeof value === 'string' ? value : null;
}
