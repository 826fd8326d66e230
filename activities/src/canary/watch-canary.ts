import type {
  CanaryWaitActivities,
  WatchCanaryInput,
  WatchedCanary,
} from '@gennaker/contract/wire';
import { epochMs, GennakerError, isoTime } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { vanishedLooksMin } from '../observe/look.js';
import { observedSubject } from '../observe/observed-subject.js';
import { watchServerGroup, withoutHealth, type Observed } from '../observe/watch-server-group.js';
import { untilDeadline } from '../aws-wait/until-deadline.js';
import { WaitProgress } from '../aws-wait/wait-progress.js';
import { CanaryLook, type CanarySight } from './canary-look.js';

/** Pauses are in minutes: the period of CloudWatch's figures of a load balancer. */
const minuteMs = 60_000;

/**
 * Watches a canary at one share until an instant of AWS's time, or until it has had enough requests, and looks once more
 * when the instant has passed. Each look is at the rules (somebody may have changed the weights), the alarms and, once a
 * minute of AWS's, the requests. Changes nothing; a passing trouble is told and looked past until the deadline.
 */
export function createWatchCanary(
  dependencies: AwsActivityDependencies,
): CanaryWaitActivities['watchCanary'] {
  return async (input) => {
    const { context, subject } = input;
    const progress = new WaitProgress(dependencies, context);
    const watch = new CanaryWatch(input, progress);
    const observed = observedSubject(dependencies.aws, subject, context.priority);
    try {
      return await untilDeadline(
        { deadline: context.deadline, clock: dependencies.clock },
        (signal) => watch.run({ ...observed, signal }),
        async () => watch.timedOut(),
      );
    } finally {
      await progress.stop();
    }
  };
}

class CanaryWatch {
  readonly #input: WatchCanaryInput;
  readonly #progress: WaitProgress;
  readonly #look: CanaryLook;
  #trouble: string | null = null;

  constructor(input: WatchCanaryInput, progress: WaitProgress) {
    this.#input = input;
    this.#progress = progress;
    this.#look = new CanaryLook(input);
  }

  async run(observed: Observed): Promise<WatchedCanary> {
    let vanished = 0;
    for await (const event of watchServerGroup(observed, withoutHealth)) {
      vanished = event.kind === 'vanished' ? vanished + 1 : 0;
      if (vanished >= vanishedLooksMin) throw this.#gone();
      if (event.kind !== 'seen') {
        this.#trouble = event.kind === 'trouble' ? event.error.message : null;
        this.#tell(null, event.nextLookAt);
        continue;
      }
      const sight = await this.#sightAt(observed, epochMs(event.observedAt));
      if (sight !== null && this.#isOver(sight)) return resultOf(sight);
      this.#tell(sight, event.nextLookAt);
    }
    throw new Error('the watch ended without a look');
  }

  timedOut(): GennakerError {
    const { subject, until, context } = this.#input;
    const why = this.#trouble === null ? '' : ` The last look failed: ${this.#trouble}`;
    return new GennakerError(
      'STAGE_TIMEOUT',
      `${subject.serverGroup} was still to be watched, until ${until} by AWS's clock, at the deadline ${context.deadline}.${why}`,
      { details: { serverGroup: subject.serverGroup, until } },
    );
  }

  /** Null when AWS cannot be asked now. Throws what a repeat does not cure. */
  async #sightAt(observed: Observed, awsMs: number): Promise<CanarySight | null> {
    try {
      const sight = await this.#look.at(observed, awsMs);
      this.#trouble = null;
      return sight;
    } catch (error) {
      observed.signal.throwIfAborted();
      if (!(error instanceof GennakerError) || error.retry === 'never') throw error;
      this.#trouble = error.message;
      return null;
    }
  }

  /** A doubt about weights or alarms is looked into before the watch ends well. */
  #isOver({ awsMs, isClear, enough }: CanarySight): boolean {
    return isClear && (enough === true || awsMs >= epochMs(this.#input.until));
  }

  #tell(sight: CanarySight | null, nextLookAt: string): void {
    if (this.#input.quiet === true) return;
    const { from, until, arms, enough, context } = this.#input;
    const wanted = Math.round((epochMs(until) - epochMs(from)) / minuteMs);
    const passed = sight === null ? null : Math.floor((sight.awsMs - epochMs(from)) / minuteMs);
    const share = arms.find(({ role }) => role === 'experiment')?.plannedWeight ?? 0;
    const requests =
      enough === null || sight === null
        ? ''
        : `, ${sight.requests ?? 0} of ${enough.requests} requests`;
    const message =
      this.#trouble === null
        ? `the canary has ${share} % of the requests${requests}; until ${until} by AWS's clock`
        : `the canary has ${share} % of the requests; AWS cannot be asked now: ${this.#trouble}`;
    this.#progress.report({
      reason: 'canary',
      message,
      done: passed === null ? null : Math.min(Math.max(0, passed), wanted),
      wanted,
      nextLookAt,
      deadline: context.deadline,
    });
  }

  #gone(): GennakerError {
    const { serverGroup } = this.#input.subject;
    return new GennakerError(
      'SUBJECT_VANISHED',
      `The canary ${serverGroup} is not there any more: someone deleted it.`,
      { details: { serverGroup } },
    );
  }
}

function resultOf({ awsMs, enough, requests }: CanarySight): WatchedCanary {
  return { observedAt: isoTime(awsMs), enough, requests };
}
