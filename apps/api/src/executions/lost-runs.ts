import { Inject, Injectable } from '@nestjs/common';
import { eventsOfTerminatedRun, GennakerError, type EventRecord } from '@gennaker/domain';
import type { Clock, Logger } from '@gennaker/platform';
import type { EventRepository, ExecutionSummary } from '@gennaker/store';

import { CLOCK } from '../clock/clock-token.js';
import { LOGGER } from '../logging/logger-token.js';
import { EVENTS } from '../store/store-tokens.js';
import { PIPELINE_RUNS, type PipelineRuns } from '../temporal/pipeline-runs.js';
import { ExecutionReader } from './execution-reader.js';
import { stalledRunEvent, stalledTaskAttemptsMin } from './stalled-run.js';

/** Marks executions whose run was ended from outside, so that a person sees what is left to undo (DESIGN D8). */
@Injectable()
export class LostRuns {
  constructor(
    @Inject(PIPELINE_RUNS) private readonly runs: PipelineRuns,
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
    @Inject(EVENTS) private readonly events: EventRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Ends the execution TERMINAL with NEEDS_ATTENTION if its run is dead, and says so when no worker can go on with it. A run that Temporal does not know is only told in
   * the log: it may be the wrong namespace. A second call, in any process, writes nothing more.
   */
  async markIfLost(row: ExecutionSummary): Promise<void> {
    const { executionId } = row;
    const condition = await this.runs.describeRun(executionId);
    if (condition.kind === 'unknown') {
      this.logger.warn({ executionId }, 'Temporal does not know the run of an open execution');
    }
    if (condition.kind === 'running') await this.#markStalled(row, condition.taskAttempts);
    if (condition.kind !== 'dead') return;
    const how = condition.how.toLowerCase().replace('_', ' ');
    const reason = `The run was ended from outside (${how} in Temporal); nothing was undone.`;
    await this.#record(row, reason);
  }

  async #markStalled(row: ExecutionSummary, taskAttempts: number): Promise<void> {
    if (row.engineStalled === null && taskAttempts < stalledTaskAttemptsMin) return;
    const { executionId, generation } = row;
    const folded = await this.reader.findFolded(executionId);
    if (folded === null) return;
    const at = this.clock.now().toISOString();
    const event = stalledRunEvent({ ...folded, generation, taskAttempts, at });
    if (event === null) return;
    await this.#write(row, [event]);
    const { engineStalled } = folded.state;
    this.logger.error(
      { executionId, taskAttempts, before: engineStalled },
      'engine stalled or again at work',
    );
  }

  async #record({ executionId, generation }: ExecutionSummary, reason: string): Promise<void> {
    const folded = await this.reader.findFolded(executionId);
    if (folded === null) return;
    const at = this.clock.now().toISOString();
    const events = eventsOfTerminatedRun(folded.state, reason).map((event, index): EventRecord => ({
      key: `a:ended:${generation}:${index}`,
      at,
      event,
    }));
    if (events.length === 0) return;
    await this.#write({ executionId, generation }, events);
    this.logger.error({ executionId, reason }, 'an execution needs attention');
  }

  async #write(
    { executionId, generation }: Pick<ExecutionSummary, 'executionId' | 'generation'>,
    events: readonly EventRecord[],
  ): Promise<void> {
    try {
      await this.events.recordEvents({ executionId, generation, events });
    } catch (error) {
      // A retry has opened a new run meanwhile: the execution lives.
      if (error instanceof GennakerError && error.code === 'SUPERSEDED') return;
      throw error;
    }
  }
}
