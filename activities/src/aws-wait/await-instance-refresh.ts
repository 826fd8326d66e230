import type { WatchEvent } from '@gennaker/aws';
import type {
  AwaitInstanceRefreshInput,
  AwsWaitActivities,
  InstanceRefreshReport,
} from '@gennaker/contract/wire';
import {
  decideForward,
  GennakerError,
  isSameVersion,
  isUp,
  refreshSuspensions,
  versionKey,
  type InstanceRefreshView,
  type ServerGroupView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { subjectVanished, vanishedLooksMin, verifyLooksMax } from '../observe/look.js';
import { observedSubject } from '../observe/observed-subject.js';
import { readRefreshes } from '../observe/refreshes.js';
import { assertSameGroup } from '../observe/same-group.js';
import { watchServerGroup, type Observed } from '../observe/watch-server-group.js';
import { LaunchWatch } from './launch-watch.js';
import { ReplacementWatch } from './replacement-watch.js';
import { untilDeadline } from './until-deadline.js';
import { WaitProgress } from './wait-progress.js';

type Seen = Extract<WatchEvent, { kind: 'seen' }>;

/**
 * Waits until our instance refresh has succeeded, the group launches from our version, and every instance runs it. Tells
 * how many are replaced, how many are healthy, and AWS's own words on what it waits for. Changes nothing. Throws
 * INSTANCE_REFRESH_FAILED, LAUNCH_FAILED, CHANGED_BY_SOMEONE_ELSE, SUBJECT_VANISHED, STAGE_TIMEOUT.
 */
export function createAwaitInstanceRefresh(
  dependencies: AwsActivityDependencies,
): AwsWaitActivities['awaitInstanceRefresh'] {
  return async (input) => {
    const { context, subject } = input;
    const progress = new WaitProgress(dependencies, context);
    const observed = observedSubject(dependencies.aws, subject, context.priority);
    const wait = new RefreshWait(input, progress, new LaunchWatch(observed, null));
    try {
      return await untilDeadline(
        { deadline: context.deadline, clock: dependencies.clock },
        (signal) => wait.run({ ...observed, signal }),
        () => wait.timedOut(),
      );
    } finally {
      await progress.stop();
    }
  };
}

class RefreshWait {
  readonly #input: AwaitInstanceRefreshInput;
  readonly #progress: WaitProgress;
  readonly #launches: LaunchWatch;
  readonly #replacements: ReplacementWatch;
  #vanished = 0;
  /** Looks in a row that do not show our refresh, or not yet what it has come to. */
  #unexpected = 0;
  #percentBefore = -1;
  #counts = 'waits for a first look';
  #done: { readonly replaced: number; readonly wanted: number } | null = null;
  #trouble: string | null = null;

  constructor(input: AwaitInstanceRefreshInput, progress: WaitProgress, launches: LaunchWatch) {
    this.#input = input;
    this.#progress = progress;
    this.#launches = launches;
    this.#replacements = new ReplacementWatch(input.ours);
  }

  async run(observed: Observed): Promise<InstanceRefreshReport> {
    for await (const event of watchServerGroup(observed, 0)) {
      const report = await this.#take(event, observed);
      if (report !== null) return report;
      this.#tell(event.nextLookAt);
    }
    throw new Error('the watch ended without a reason');
  }

  async timedOut(): Promise<GennakerError> {
    const { subject, context, refreshId } = this.#input;
    const words = await this.#launches.lastWords();
    const said = words === null ? '' : ` Auto Scaling says: ${words}`;
    return new GennakerError(
      'STAGE_TIMEOUT',
      `${subject.serverGroup} had ${this.#words()} at the deadline ${context.deadline}.${said}`,
      { details: { serverGroup: subject.serverGroup, refreshId, scalingActivity: words } },
    );
  }

  async #take(event: WatchEvent, observed: Observed): Promise<InstanceRefreshReport | null> {
    this.#trouble = event.kind === 'trouble' ? event.error.message : null;
    this.#vanished = event.kind === 'vanished' ? this.#vanished + 1 : 0;
    if (this.#vanished >= vanishedLooksMin) throw subjectVanished(observed, null);
    if (event.kind !== 'seen') return null;
    if (event.serverGroup.deleting) throw subjectVanished(observed, event.serverGroup);
    assertSameGroup(event.serverGroup, this.#input.arn);
    const newestFirst = await this.#read(observed);
    return newestFirst === null ? null : this.#judge(event, newestFirst);
  }

  /** Null when AWS does not answer now: the next look asks again. */
  async #read(observed: Observed): Promise<readonly InstanceRefreshView[] | null> {
    try {
      return await readRefreshes(observed);
    } catch (error) {
      observed.signal.throwIfAborted();
      if (!(error instanceof GennakerError) || error.retry === 'never') throw error;
      this.#trouble = error.message;
      return null;
    }
  }

  async #judge(
    event: Seen,
    newestFirst: readonly InstanceRefreshView[],
  ): Promise<InstanceRefreshReport | null> {
    const { refreshId, subject } = this.#input;
    const refresh = newestFirst.find((one) => one.refreshId === refreshId);
    if (refresh === undefined) return this.#unexpectedLook(`AWS does not show it any more`);
    const decision = decideForward(subject.serverGroup, refresh, newestFirst);
    if (decision.kind === 'failed') {
      const { code, message, details } = decision.error;
      throw new GennakerError(code, message, { details });
    }
    this.#count(event, refresh);
    if (decision.kind === 'succeeded') return this.#report(event.serverGroup, refresh);
    this.#unexpected = 0;
    if (event.withHealth) this.#replacements.take(event.serverGroup);
    const isStill = refresh.percentComplete === this.#percentBefore;
    this.#percentBefore = refresh.percentComplete;
    await this.#launches.take(event, isStill && refresh.status === 'InProgress');
    return null;
  }

  /** What a refresh that has succeeded has come to must be seen too, within some looks: one may be stale. */
  #report(group: ServerGroupView, refresh: InstanceRefreshView): InstanceRefreshReport | null {
    const { ours } = this.#input;
    const staying = group.instances.filter((one) => !one.lifecycleState.startsWith('Terminat'));
    const others = staying.filter((one) => !isSameVersion(one.launchTemplate, ours));
    if (!isSameVersion(group.launchTemplate, ours)) {
      return this.#unexpectedLook(`the group launches from ${versionKey(group.launchTemplate)}`);
    }
    if (others.length > 0) {
      const ids = others.map((one) => one.instanceId).join(', ');
      return this.#unexpectedLook(`${ids} run another version`);
    }
    const { refreshId, startedAt, endedAt } = refresh;
    return { refreshId, instances: staying.length, startedAt, endedAt };
  }

  #unexpectedLook(found: string): null {
    this.#unexpected += 1;
    if (this.#unexpected < verifyLooksMax) return null;
    const { subject, refreshId, ours } = this.#input;
    throw new GennakerError(
      'CHANGED_BY_SOMEONE_ELSE',
      `After the instance refresh ${refreshId} of ${subject.serverGroup} to ${versionKey(ours)} ${found}: ` +
        'somebody else has changed it.',
      { details: { serverGroup: subject.serverGroup, refreshId, found } },
    );
  }

  #count({ serverGroup: group, withHealth }: Seen, refresh: InstanceRefreshView): void {
    const { desired } = group.capacity;
    const replaced = Math.max(0, desired - refresh.instancesToUpdate);
    this.#done = { replaced, wanted: desired };
    const up = group.instances.filter((one) => isUp(one, group)).length;
    const healthy = withHealth ? `, ${up} healthy (at least ${this.#input.instancesFloor})` : '';
    const suspended = refreshSuspensions(group);
    const halted =
      suspended.length === 0 ? '' : `; it stands still while ${suspended.join(', ')} is suspended`;
    const said = refresh.statusReason === null ? '' : `; AWS says: ${refresh.statusReason}`;
    const baking = refresh.status === 'Baking' ? '; baking' : '';
    this.#counts = `${replaced} of ${desired} instances replaced${healthy}${baking}${halted}${said}`;
  }

  #words(): string {
    return this.#trouble === null
      ? this.#counts
      : `${this.#counts}; AWS cannot be read now: ${this.#trouble}`;
  }

  #tell(nextLookAt: string): void {
    this.#progress.report({
      reason: 'refresh',
      message: this.#words(),
      done: this.#done?.replaced ?? null,
      wanted: this.#done?.wanted ?? null,
      nextLookAt,
      deadline: this.#input.context.deadline,
    });
  }
}
