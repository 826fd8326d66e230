import { Inject, Injectable } from '@nestjs/common';
import type { ResolutionAnswer } from '@gennaker/contract';
import type { ResolveAttentionRequest } from '@gennaker/contract/wire';
import {
  decideAttention,
  GennakerError,
  openUndoKey,
  openUndoOf,
  parseExecutionId,
  type AcceptedResolution,
  type AttentionResolution,
  type ExecutionState,
} from '@gennaker/domain';
import { canonicalJson, sha256Hex } from '@gennaker/platform';

import { CLUSTER_INSPECTOR, type ClusterInspector } from '../temporal/cluster-inspector.js';
import { PIPELINE_RUNS, type PipelineRuns } from '../temporal/pipeline-runs.js';
import { executionPath } from './execution-links.js';
import { executionNotFound, ExecutionReader } from './execution-reader.js';
import { sendToNewestRun, untilShown } from './send-to-run.js';

export interface ResolveCommand {
  readonly executionId: string;
  readonly resolution: AttentionResolution;
  readonly by: string;
  readonly reason: string;
  readonly key: string;
}

/** Differences that an answer lists; the rest is counted. */
const differencesMax = 50;

/** The ways out of NEEDS_ATTENTION (DESIGN D8). */
@Injectable()
export class AttentionService {
  constructor(
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
    @Inject(PIPELINE_RUNS) private readonly runs: PipelineRuns,
    @Inject(CLUSTER_INSPECTOR) private readonly inspector: ClusterInspector,
  ) {}

  /**
   * What was left and until when it is settled; the same key and body again gets the same answer. Throws the engine's refusal
   * by its code, UNDO_NOT_REPAIRED with what differs, OUTCOME_UNKNOWN when no worker answers within 10 s,
   * SERVICE_UNAVAILABLE, EXECUTION_NOT_FOUND.
   */
  async resolve(command: ResolveCommand): Promise<ResolutionAnswer> {
    const { executionId, key, resolution, by, reason } = command;
    if (parseExecutionId(executionId) === undefined) throw executionNotFound(executionId);
    const bodyHash = sha256Hex(
      canonicalJson({ attention: { executionId, resolution, by, reason } }),
    );
    const asked = { requestId: key, bodyHash, resolution, by, reason };
    const state = await this.folded(executionId);
    const recorded = recordedOrRefused(state, asked);
    if (recorded !== null) return answerOf(executionId, recorded);
    const request = resolution === 'repaired' ? await this.compared(state, asked) : asked;
    const execution = await this.reader.getStored(executionId);
    const answer = await sendToNewestRun(this.reader, execution, (to) =>
      this.runs.resolveAttention({ executionId, request, ...to }),
    );
    await untilShown(async () => {
      const known = (await this.folded(executionId)).attentionResolutions ?? [];
      return known.find(({ requestId }) => requestId === key) ?? null;
    });
    return answerOf(executionId, answer);
  }

  private async folded(executionId: string): Promise<ExecutionState> {
    const folded = await this.reader.findFolded(executionId);
    if (folded === null) throw executionNotFound(executionId);
    return folded.state;
  }

  /** The request with what AWS was just seen to have; the cluster is locked until it is accepted, so that nobody of us changes it. */
  private async compared(
    state: ExecutionState,
    asked: ResolveAttentionRequest,
  ): Promise<ResolveAttentionRequest> {
    const { executionId } = state;
    const open = openUndoOf(state);
    const { differences, observedAt } = await this.inspector.compareUndo({ executionId, open });
    if (differences.length === 0) return { ...asked, seen: open.map(openUndoKey) };
    const [first] = differences;
    const more = differences.length === 1 ? '' : ` And ${differences.length - 1} more.`;
    throw new GennakerError(
      'UNDO_NOT_REPAIRED',
      `AWS is not as the undo was to leave it, at ${observedAt}: ${first?.resource ?? ''}: expected ${first?.expected ?? ''}, ` +
        `found ${first?.found ?? ''}.${more} Nothing has been changed. Set it right and ask again, or hand over as it is.`,
      {
        details: {
          observedAt,
          differences: differences.slice(0, differencesMax).map((one) => ({ ...one })),
          differencesLeftOut: Math.max(0, differences.length - differencesMax),
        },
      },
    );
  }
}

/** What can be told without a run: the recorded answer of a repeat, or a refusal. Null: it is for the run to decide. */
function recordedOrRefused(
  state: ExecutionState,
  asked: ResolveAttentionRequest,
): AcceptedResolution | null {
  const seen = openUndoOf(state).map(openUndoKey);
  const decision = decideAttention(state, { ...asked, seen }, 0);
  switch (decision.outcome) {
    case 'accepted':
      return null;
    case 'repeated':
      return decision.answer;
    case 'refused': {
      const { code, message, details } = decision.error;
      throw new GennakerError(code, message, { details });
    }
  }
}

function answerOf(
  executionId: string,
  { resolution, by, reason, steps, latestEnd }: AcceptedResolution,
): ResolutionAnswer {
  const path = executionPath(executionId);
  const links = { self: path, events: `${path}/events` };
  return { executionId, resolution, by, reason, steps: [...steps], latestEnd, links };
}
