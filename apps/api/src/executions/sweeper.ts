import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { GennakerError } from '@gennaker/domain';
import type { Logger } from '@gennaker/platform';
import type { ExecutionRepository, ExecutionSummary, Store } from '@gennaker/store';

import { LOGGER } from '../logging/logger-token.js';
import { EXECUTIONS, STORE } from '../store/store-tokens.js';
import { PIPELINE_RUNS, type PipelineRuns } from '../temporal/pipeline-runs.js';
import { LostRuns } from './lost-runs.js';

/** Bounds of a sweep. One that is cut short goes on where it stopped, five seconds later. */
const sweepBounds = {
  everyMs: 5_000,
  /** A row this young is still being started by the request that made it. */
  unstartedAfterSeconds: 10,
  rowsMax: 100,
  /** With the longest single call well below the ten seconds that the turn can last. */
  durationMs: 4_000,
} as const;

/**
 * Finds executions that a crash or an outage left without a run, and those whose run was ended from outside. One process
 * sweeps at a time; two at once would do no harm, since a run starts once and an event is written once.
 */
@Injectable()
export class Sweeper implements OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #stopped = false;
  /** Last open execution that was looked at; the next sweep goes on behind it. */
  #openAfter: string | undefined;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(EXECUTIONS) private readonly executions: ExecutionRepository,
    @Inject(PIPELINE_RUNS) private readonly runs: PipelineRuns,
    @Inject(LostRuns) private readonly lostRuns: LostRuns,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Sweeps every 5 s, never two sweeps at once. To be called once, when the schema is there. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#sweeping ??= this.sweep().finally(() => {
        this.#sweeping = undefined;
      });
    }, sweepBounds.everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** One sweep, unless another process is at it. Never throws. */
  async sweep(): Promise<void> {
    try {
      await this.store.takeTurn('sweeper', () => this.#sweepOnce());
      await this.store.purgeIdempotencyKeys(new Date());
    } catch (err) {
      // Postgres or Temporal is away: what is left is found by the next sweep.
      this.logger.warn({ err }, 'a sweep was cut short');
    }
  }

  async #sweepOnce(): Promise<void> {
    const deadline = Date.now() + sweepBounds.durationMs;
    const { unstartedAfterSeconds, rowsMax } = sweepBounds;
    const unstarted = await this.executions.findUnstarted(unstartedAfterSeconds, rowsMax);
    await this.#each(unstarted, deadline, (row) => this.#startAgain(row));
    const open = await this.executions.findOpen(rowsMax, this.#openAfter);
    const last = await this.#each(open, deadline, (row) => this.lostRuns.markIfLost(row));
    const allSeen = open.length < rowsMax && last === open.at(-1);
    this.#openAfter = allSeen ? undefined : (last?.executionId ?? this.#openAfter);
  }

  async #startAgain(row: ExecutionSummary): Promise<void> {
    const { executionId } = row;
    const outcome = await this.runs.startRun(executionId);
    if (outcome === 'started') {
      this.logger.info({ executionId }, 'started an execution that had no run');
      return;
    }
    await this.lostRuns.markIfLost(row);
  }

  /** Works off the rows one by one until the deadline; returns the last one that was done. */
  async #each(
    rows: readonly ExecutionSummary[],
    deadline: number,
    work: (row: ExecutionSummary) => Promise<void>,
  ): Promise<ExecutionSummary | undefined> {
    let last: ExecutionSummary | undefined;
    for (const row of rows) {
      if (this.#stopped || Date.now() >= deadline) return last;
      try {
        await work(row);
      } catch (error) {
        if (isAway(error)) throw error;
        this.logger.error(
          { executionId: row.executionId, err: error },
          'an execution could not be swept',
        );
      }
      last = row;
    }
    return last;
  }
}

/** A service that is away for one row is away for all. */
function isAway(error: unknown): boolean {
  return (
    error instanceof GennakerError &&
    ['SERVICE_UNAVAILABLE', 'OUTCOME_UNKNOWN'].includes(error.code)
  );
}
