import type { AwsWaitActivities, OnServerGroup } from '@gennaker/contract/wire';
import {
  GennakerError,
  isActiveRefresh,
  refreshInWords,
  type InstanceRefreshView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { vanishedLooksMin } from '../observe/look.js';
import { observedSubject } from '../observe/observed-subject.js';
import { readRefreshes } from '../observe/refreshes.js';
import { watchServerGroup, withoutHealth, type Observed } from '../observe/watch-server-group.js';
import { untilDeadline } from './until-deadline.js';
import { WaitProgress } from './wait-progress.js';

/**
 * Waits until no instance refresh of the group is active, whoever started it, and touches none. A group that is gone has
 * none. Throws STAGE_TIMEOUT naming the refresh with its id, start and percentage.
 */
export function createAwaitNoInstanceRefresh(
  dependencies: AwsActivityDependencies,
): AwsWaitActivities['awaitNoInstanceRefresh'] {
  return async (input) => {
    const { context, subject } = input;
    const progress = new WaitProgress(dependencies, context);
    const wait = new NoRefreshWait(input, progress);
    const observed = observedSubject(dependencies.aws, subject, context.priority);
    try {
      await untilDeadline(
        { deadline: context.deadline, clock: dependencies.clock },
        (signal) => wait.run({ ...observed, signal }),
        async () => wait.timedOut(),
      );
    } finally {
      await progress.stop();
    }
  };
}

class NoRefreshWait {
  readonly #input: OnServerGroup;
  readonly #progress: WaitProgress;
  #active: InstanceRefreshView | null = null;
  #trouble: string | null = null;

  constructor(input: OnServerGroup, progress: WaitProgress) {
    this.#input = input;
    this.#progress = progress;
  }

  async run(observed: Observed): Promise<void> {
    let vanished = 0;
    for await (const event of watchServerGroup(observed, withoutHealth)) {
      this.#trouble = event.kind === 'trouble' ? event.error.message : null;
      vanished = event.kind === 'vanished' ? vanished + 1 : 0;
      if (vanished >= vanishedLooksMin) return;
      if (event.kind === 'seen' && !(await this.#isActive(observed))) return;
      this.#tell(event.nextLookAt);
    }
  }

  timedOut(): GennakerError {
    const { subject, context } = this.#input;
    const refreshId = this.#active?.refreshId ?? null;
    return new GennakerError(
      'STAGE_TIMEOUT',
      `At the deadline ${context.deadline} ${subject.serverGroup} still waited for ${this.#inWords()}.`,
      { details: { serverGroup: subject.serverGroup, refreshId } },
    );
  }

  async #isActive(observed: Observed): Promise<boolean> {
    try {
      this.#active = (await readRefreshes(observed)).find(isActiveRefresh) ?? null;
      return this.#active !== null;
    } catch (error) {
      observed.signal.throwIfAborted();
      if (!(error instanceof GennakerError) || error.retry === 'never') throw error;
      this.#trouble = error.message;
      return true;
    }
  }

  #inWords(): string {
    const what = this.#active === null ? 'a first look' : refreshInWords(this.#active);
    return this.#trouble === null ? what : `${what}; AWS cannot be read now: ${this.#trouble}`;
  }

  #tell(nextLookAt: string): void {
    this.#progress.report({
      reason: 'refresh',
      message: `waits for ${this.#inWords()}`,
      done: this.#active?.percentComplete ?? null,
      wanted: this.#active === null ? null : 100,
      nextLookAt,
      deadline: this.#input.context.deadline,
    });
  }
}
