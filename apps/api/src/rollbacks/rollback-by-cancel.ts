import { Inject, Injectable } from '@nestjs/common';
import type { RollbackAnswer } from '@gennaker/contract';
import type { Clock } from '@gennaker/platform';
import type { RequestKeys } from '@gennaker/store';

import { CLOCK } from '../clock/clock-token.js';
import { CancelService } from '../executions/cancel-service.js';
import { keyReused } from '../problem/key-reused.js';
import { REQUEST_KEYS } from '../store/store-tokens.js';
import { idempotencyOf, type RollbackCommand } from './rollback-request.js';

/** What a rollback's key stands for: an execution of its own, or the one that was cancelled for it. */
interface RollbackOutcome {
  readonly executionId: string;
  /** What serves once the cancel is over; absent: the execution was started for the rollback. */
  readonly cancelledTo?: string | null;
}

/** Rolls a cluster back by cancelling what is under way in it. */
@Injectable()
export class RollbackByCancel {
  constructor(
    @Inject(REQUEST_KEYS) private readonly keys: RequestKeys,
    @Inject(CancelService) private readonly cancels: CancelService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What the request's key has led to before, if anything. Throws IDEMPOTENCY_KEY_REUSED. */
  async earlier(command: RollbackCommand): Promise<RollbackOutcome | null> {
    const idempotency = idempotencyOf(command);
    const earlier = await this.keys.find<{ executionId: string; cancelledTo?: string | null }>({
      idempotency,
      now: this.clock.now(),
    });
    if (earlier === undefined) return null;
    if (!earlier.sameBody) throw keyReused();
    return earlier.outcome;
  }

  /**
   * Cancels the execution with the intent rollback. The key is taken before, so that a repeat cancels the same execution
   * and never starts a rollback once that one has ended. Throws what a cancel throws: EXECUTION_COMPLETE where the
   * execution has ended in between.
   */
  async cancel(
    command: RollbackCommand,
    holder: { readonly executionId: string; readonly serverGroup: string | null },
  ): Promise<RollbackAnswer> {
    const { executionId, serverGroup } = holder;
    const outcome = { executionId, cancelledTo: serverGroup };
    const idempotency = idempotencyOf(command);
    const earlier = await this.keys.claim({ idempotency, outcome, now: this.clock.now() });
    if (earlier !== null && !earlier.sameBody) throw keyReused();
    return this.again(command, earlier?.outcome ?? outcome);
  }

  /** The cancel itself; a repeat gets the recorded answer. */
  async again(
    { key, by, body, cluster }: RollbackCommand,
    { executionId, cancelledTo = null }: RollbackOutcome,
  ): Promise<RollbackAnswer> {
    const cancelled = await this.cancels.cancel({
      executionId,
      intent: 'rollback',
      by,
      reason: body.reason,
      key: `rollback:${key}`,
    });
    const { steps, latestEnd, links } = cancelled;
    const after = cancelledTo === null ? 'what served before' : cancelledTo;
    return {
      outcome: 'cancelled',
      executionId,
      serverGroup: cancelledTo,
      message:
        `Execution ${executionId} was at work on ${cluster.cluster}: it is cancelled, and its undo is the rollback. ` +
        `When it has ended, ${after} serves.`,
      steps,
      latestEnd,
      links,
    };
  }
}
