import type { PipelineWorkflowInput } from '@gennaker/contract/wire';
import { workflowInfo } from '@temporalio/workflow';
import type { LockInbox } from './lock-inbox.js';
import { records } from './proxies.js';
import { Run } from './run.js';

/** The run that won the generation, or null for the one that lost it. */
export interface OpenedRun {
  readonly run: Run | null;
}

/**
 * Opens the execution for this run: one compare-and-set of its generation in the store, which returns the state to go on
 * from. A continued run carries its state and generation and asks nobody.
 */
export async function openRun(input: PipelineWorkflowInput, locks: LockInbox): Promise<OpenedRun> {
  if (input.carried !== undefined) return { run: new Run(input, input.carried, locks) };
  const { executionId, generation } = input;
  const result = await records.openRun({ executionId, generation, runId: workflowInfo().runId });
  if (result.outcome === 'superseded') return { run: null };
  const { pipeline, state } = result;
  return { run: new Run(input, { pipeline, state, eventsWritten: 0, haltedRefIds: [] }, locks) };
}
