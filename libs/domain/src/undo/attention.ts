import { openUndoOf, type OpenUndo } from './remaining-steps.js';
import { undoSecondsOf } from '../requests/cancel-decision.js';
import type {
  AcceptedResolution,
  AttentionResolution,
  StageAction,
} from '../execution/execution-event.js';
import type { ExecutionState } from '../execution/execution-state.js';
import { isoTime } from '../iso-time.js';
import { refused, type Decision } from '../refusal.js';
import { isComplete } from '../execution/status.js';

/** What a way out asks for. */
export interface AttentionRequest {
  readonly requestId: string;
  readonly bodyHash: string;
  readonly resolution: AttentionResolution;
  readonly by: string;
  readonly reason: string;
  /** With `repaired`: the undo entries whose end state AWS was just seen to have, by {@link openUndoKey}. */
  readonly seen?: readonly string[];
}

/** Seconds around a way out: releases of locks, and what a run needs to begin and to end. */
const aroundSettlingSeconds = 60;

/** An undo entry of an execution in one text: stage, attempt and entry. */
export function openUndoKey({ refId, attempt, entry }: OpenUndo): string {
  return `${refId} ${attempt} ${entry.id}`;
}

/**
 * Whether an execution that needs attention may leave it this way. A repeat gets the recorded answer; refusals are
 * IDEMPOTENCY_KEY_REUSED, ATTENTION_NOT_NEEDED (nothing is left to a person, or the execution still runs), UNDO_NOT_REPAIRED
 * (what is left is not what AWS was compared with). Pure.
 */
export function decideAttention(
  state: ExecutionState,
  request: AttentionRequest,
  nowMs: number,
): Decision<AcceptedResolution, AcceptedResolution> {
  const known = state.attentionResolutions ?? [];
  const earlier = known.find(({ requestId }) => requestId === request.requestId);
  if (earlier !== undefined) {
    return earlier.bodyHash === request.bodyHash
      ? { outcome: 'repeated', answer: earlier }
      : refused('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key was used for another request');
  }
  if (state.needsAttention === null) {
    const message = `the execution is ${state.status} and waits for no person`;
    return refused('ATTENTION_NOT_NEEDED', message, { status: state.status });
  }
  if (!isComplete(state.status)) {
    const message = 'the execution still runs; ask again when it has ended';
    return refused('ATTENTION_NOT_NEEDED', message, { status: state.status });
  }
  const open = openUndoOf(state);
  if (request.resolution === 'repaired' && !isAllSeen(open, request.seen ?? [])) {
    const message = 'what is left to undo has changed since AWS was compared with it; ask again';
    return refused('UNDO_NOT_REPAIRED', message);
  }
  return { outcome: 'accepted', accepted: acceptedResolution(open, request, nowMs) };
}

function isAllSeen(open: readonly OpenUndo[], seen: readonly string[]): boolean {
  return open.every((one) => seen.includes(openUndoKey(one)));
}

function acceptedResolution(
  open: readonly OpenUndo[],
  { requestId, bodyHash, resolution, by, reason }: AttentionRequest,
  nowMs: number,
): AcceptedResolution {
  const undoes = resolution === 'retryUndo' && open.length > 0;
  const seconds = aroundSettlingSeconds + (undoes ? undoSecondsOfAll(open) : 0);
  return {
    requestId,
    bodyHash,
    resolution,
    by,
    reason,
    steps: open.map(({ entry }) => entry.title),
    latestEnd: isoTime(nowMs + seconds * 1000),
  };
}

/** Attempts are undone one after another, each within its own bound. */
function undoSecondsOfAll(open: readonly OpenUndo[]): number {
  const attempts = Map.groupBy(open, ({ refId, attempt }) => `${refId} ${attempt}`);
  return [...attempts.values()].reduce(
    (sum, ofAttempt) => sum + undoSecondsOf(ofAttempt.map(({ entry }) => entry)),
    0,
  );
}

/** The three ways out as actions for people (DESIGN D16). */
export function attentionActions(executionId: string): readonly StageAction[] {
  const base = `/v1/executions/${encodeURIComponent(executionId)}/attention`;
  return [
    {
      label: 'Finish the undo',
      method: 'POST',
      href: `${base}/retry-undo`,
      effect:
        'Undoes what is left, then gives the locks back; deploys nothing. A retry of the stage does the same and deploys then.',
    },
    {
      label: 'It is repaired',
      method: 'POST',
      href: `${base}/repaired`,
      effect:
        'Compares AWS with what the undo was to bring back: gives the locks back where it is so, else lists what differs. Say who and why.',
    },
    {
      label: 'Hand over as it is',
      method: 'POST',
      href: `${base}/hand-over`,
      effect: 'Leaves everything as it is and gives the locks back. Say who and why.',
    },
  ];
}
