import type { AlarmActivities, WatchAlarmsInput, WatchedAlarms } from '@gennaker/contract/wire';
import {
  alarmsInWords,
  GennakerError,
  judgeAlarms,
  type AlarmState,
  type AlarmVerdict,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { reading } from '../call-options.js';
import { observedAt } from '../observe/cluster-view.js';
import { vanishedLooksMin } from '../observe/look.js';
import { pause } from '../observe/pause.js';
import { untilDeadline } from './until-deadline.js';
import { WaitProgress } from './wait-progress.js';

/** Between two looks, in milliseconds: the shortest period after which CloudWatch evaluates an alarm. */
const alarmLookMs = 10_000;
/** Between two looks of which the first has failed or has missed an alarm: it may be a passing trouble. */
const lookAgainMs = 1_000;

/**
 * Watches CloudWatch alarms (DescribeAlarms) until an instant, and once more when it has passed, so that no watch ends well
 * without a look. Changes nothing. Throws ALARM_RAISED, SUBJECT_VANISHED, STAGE_TIMEOUT; what AWS refuses for good as it
 * comes. A passing trouble is told and looked past until the deadline.
 */
export function createWatchAlarms(
  dependencies: AwsActivityDependencies,
): AlarmActivities['watchAlarms'] {
  return async (input) => {
    const { context } = input;
    const progress = new WaitProgress(dependencies, context);
    const watch = new AlarmWatch(dependencies, input, progress);
    try {
      return await untilDeadline(
        { deadline: context.deadline, clock: dependencies.clock },
        (signal) => watch.run(signal),
        async () => watch.timedOut(),
      );
    } finally {
      await progress.stop();
    }
  };
}

class AlarmWatch {
  readonly #dependencies: AwsActivityDependencies;
  readonly #input: WatchAlarmsInput;
  readonly #progress: WaitProgress;
  #missed = 0;
  #trouble: string | null = null;

  constructor(
    dependencies: AwsActivityDependencies,
    input: WatchAlarmsInput,
    progress: WaitProgress,
  ) {
    this.#dependencies = dependencies;
    this.#input = input;
    this.#progress = progress;
  }

  async run(signal: AbortSignal): Promise<WatchedAlarms> {
    for (;;) {
      const askedMs = this.#nowMs();
      const seen = await this.#look(signal);
      const verdict = seen === null ? null : judgeAlarms(this.#input.alarms, seen);
      if (verdict !== null) this.#refuse(verdict);
      const isClear = verdict !== null && verdict.missing.length === 0;
      if (isClear && askedMs >= Date.parse(this.#input.until)) return this.#watched(verdict);
      const restMs = Math.max(0, Date.parse(this.#input.until) - this.#nowMs());
      const pauseMs = isClear ? Math.min(alarmLookMs, restMs) : lookAgainMs;
      this.#tell(verdict, pauseMs);
      await pause(pauseMs, signal);
    }
  }

  timedOut(): GennakerError {
    const { alarms, context } = this.#input;
    const why = this.#trouble === null ? '' : ` The last look failed: ${this.#trouble}`;
    return new GennakerError(
      'STAGE_TIMEOUT',
      `The alarms ${alarms.join(', ')} were still to be watched at the deadline ${context.deadline}.${why}`,
      { details: { alarms: [...alarms], until: this.#input.until } },
    );
  }

  /** Null when CloudWatch cannot be asked now. Throws what a repeat does not cure. */
  async #look(signal: AbortSignal): Promise<readonly AlarmState[] | null> {
    const { context, alarms } = this.#input;
    try {
      const options = { ...reading(context.priority), signal };
      const seen = await this.#region().describeAlarms({ names: alarms }, options);
      this.#trouble = null;
      return seen.map(({ name, state, stateReason }) => ({ name, state, reason: stateReason }));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof GennakerError) || error.retry === 'never') throw error;
      this.#trouble = error.message;
      return null;
    }
  }

  #refuse({ inAlarm, missing }: AlarmVerdict): void {
    if (inAlarm.length > 0) {
      throw new GennakerError(
        'ALARM_RAISED',
        `The deploy is stopped by CloudWatch alarms in ALARM: ${alarmsInWords(inAlarm)}.`,
        { details: { alarms: inAlarm.map((alarm) => alarm.name) } },
      );
    }
    this.#missed = missing.length === 0 ? 0 : this.#missed + 1;
    if (this.#missed < vanishedLooksMin) return;
    throw new GennakerError(
      'SUBJECT_VANISHED',
      `The CloudWatch alarms ${missing.join(', ')}, which gate the deploy, are not there any more: someone deleted them.`,
      { details: { alarms: [...missing] } },
    );
  }

  #tell(verdict: AlarmVerdict | null, pauseMs: number): void {
    const { alarms, until } = this.#input;
    const quiet = verdict?.withoutData.length ?? 0;
    const found =
      verdict === null
        ? `CloudWatch cannot be asked now: ${this.#trouble}`
        : `${alarms.length} alarms watched, none in ALARM${quiet === 0 ? '' : `, ${quiet} without data`}`;
    this.#progress.report({
      reason: 'time',
      message: `${found}; until ${until}`,
      done: null,
      wanted: null,
      nextLookAt: new Date(this.#nowMs() + pauseMs).toISOString(),
      deadline: this.#input.context.deadline,
    });
  }

  #watched({ withoutData }: AlarmVerdict): WatchedAlarms {
    return { observedAt: observedAt(this.#region(), this.#dependencies.clock), withoutData };
  }

  #region() {
    const { account, region } = this.#input.subject;
    return this.#dependencies.aws.region(account, region);
  }

  #nowMs(): number {
    return this.#dependencies.clock.now().getTime();
  }
}
