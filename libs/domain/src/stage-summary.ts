import { attentionActions } from './attention.js';
import type { ErrorRecord } from './errors.js';
import type {
  ScalingActivityRecord,
  ServingServerGroup,
  StageAction,
  StageSummary,
} from './execution-event.js';
import type { UndoState } from './execution-state.js';

/** What a summary is made of: all read or recorded, nothing guessed. */
export interface SummaryFacts {
  readonly executionId: string;
  readonly refId: string;
  readonly attempt: number;
  readonly error: ErrorRecord;
  readonly scalingActivities: readonly ScalingActivityRecord[];
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
  const { error, undo } = facts;
  const words = autoScalingWords(facts.scalingActivities);
  return {
    failed: {
      message:
        words === null || error.message.includes(words)
          ? error.message
          : `${error.message}. Auto Scaling says: ${words}`,
      call: textDetail(error, 'call'),
      requestId: textDetail(error, 'requestId'),
    },
    scalingActivities: facts.scalingActivities,
    serving: facts.serving,
    undone: undo.filter((one) => one.status === 'done').map(titleWithNote),
    notUndone: undo
      .filter((one) => one.status === 'pending' || one.status === 'failed')
      .map((one) => one.entry.title),
    actions: actions(facts),
  };
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
