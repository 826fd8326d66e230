import type { OperationContext } from '@gennaker/contract/wire';
import type { WaitingFor } from '@gennaker/domain';
import { Context } from '@temporalio/activity';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { deferred } from '../observe/deferred.js';

/** At most one event in this time; the first at once (DESIGN D6). */
const progressPeriodMs = 1_000;
/** An unchanged wait is told again after this time, so that its next look does not lie in the past for long. */
const repeatMs = 30_000;
/** How long the end of a wait stays for an event under way, so that it does not come after the step's own end. */
const lastEventMs = 250;

/**
 * Tells people how far a wait is, by the event log: best effort. A store that is slow or away never blocks or fails the
 * wait: at most one write is under way, and only the newest state waits for its turn.
 */
export class WaitProgress {
  readonly #dependencies: Pick<AwsActivityDependencies, 'progress' | 'clock' | 'logger'>;
  readonly #context: OperationContext;
  readonly #keyPrefix: string;
  #events = 0;
  #next: WaitingFor | null = null;
  #told: WaitingFor | null = null;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #inFlight: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #failed = false;
  #stopped = false;

  constructor(
    dependencies: Pick<AwsActivityDependencies, 'progress' | 'clock' | 'logger'>,
    context: OperationContext,
  ) {
    this.#dependencies = dependencies;
    this.#context = context;
    const { activityId, attempt } = Context.current().info;
    this.#keyPrefix = `p:${context.stage}:${context.attempt}:${activityId}-${attempt}`;
  }

  /** Never throws and returns at once. */
  report(state: WaitingFor): void {
    const stale = performance.now() - this.#toldAtMs >= repeatMs;
    if (!stale && this.#told !== null && saysTheSame(this.#told, state)) {
      this.#next = null;
      return;
    }
    this.#next = state;
    this.#tellSoon();
  }

  /** Drops what was not told yet. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#next = null;
    clearTimeout(this.#timer);
    if (this.#inFlight === null) return;
    const { promise, resolve } = deferred<null>();
    const timer = setTimeout(() => resolve(null), lastEventMs);
    await Promise.race([this.#inFlight, promise]);
    clearTimeout(timer);
  }

  #tellSoon(): void {
    if (this.#stopped || this.#timer !== undefined || this.#inFlight !== null) return;
    const waitMs = this.#toldAtMs + progressPeriodMs - performance.now();
    if (waitMs <= 0) {
      this.#tell();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, waitMs);
  }

  #tell(): void {
    const state = this.#next;
    if (state === null || this.#stopped) return;
    this.#next = null;
    this.#told = state;
    this.#toldAtMs = performance.now();
    this.#inFlight = this.#write(state).finally(() => {
      this.#inFlight = null;
      if (this.#next !== null) this.#tellSoon();
    });
  }

  async #write(waitingFor: WaitingFor): Promise<void> {
    const { progress, clock, logger } = this.#dependencies;
    const { executionId, generation, stage: refId, attempt } = this.#context;
    this.#events += 1;
    const key = `${this.#keyPrefix}-${this.#events}`;
    const at = clock.now().toISOString();
    try {
      const event = { kind: 'stage.waiting', refId, attempt, waitingFor } as const;
      await progress.recordProgress({ executionId, generation, event: { key, at, event } });
      this.#failed = false;
    } catch (err) {
      if (!this.#failed) logger.warn({ err, executionId, refId }, 'progress was not recorded');
      this.#failed = true;
    }
  }
}

function saysTheSame(one: WaitingFor, other: WaitingFor): boolean {
  return one.message === other.message && one.done === other.done && one.wanted === other.wanted;
}
