import type { WatchEvent } from '@gennaker/aws';
import type { AwaitHealthyInput, AwsWaitActivities, HealthyReport } from '@gennaker/contract/wire';
import {
  GennakerError,
  isUp,
  zoneShortageWords,
  type ServerGroupView,
  type ZoneShortage,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { subjectVanished, vanishedLooksMin } from '../observe/look.js';
import { observedSubject } from '../observe/observed-subject.js';
import { assertSameGroup } from '../observe/same-group.js';
import { watchServerGroup, type Observed } from '../observe/watch-server-group.js';
import { LaunchWatch } from './launch-watch.js';
import { untilDeadline } from './until-deadline.js';
import { WaitProgress } from './wait-progress.js';
import { lookAtZones } from './zone-floor-look.js';

type Seen = Extract<WatchEvent, { kind: 'seen' }>;

/**
 * Waits until enough instances are healthy by their target groups and EC2 (clouddriver-aws 3.4 to 3.6); how many is the
 * input's, never what is read; with a zone floor also until every zone is covered. Throws SUBJECT_VANISHED (gone, going, or another group of the same name), LAUNCH_FAILED,
 * STAGE_TIMEOUT with the counts and Auto Scaling's last words; the cancellation as it comes. Changes nothing.
 */
export function createAwaitServerGroupHealthy(
  dependencies: AwsActivityDependencies,
): AwsWaitActivities['awaitServerGroupHealthy'] {
  return async (input) => {
    const { context, subject } = input;
    const progress = new WaitProgress(dependencies, context);
    const zones = (group: ServerGroupView) => lookAtZones(dependencies.aws, input, group);
    const wait = new HealthyWait(input, progress, zones);
    const observed = observedSubject(dependencies.aws, subject, context.priority);
    const launches = new LaunchWatch(observed, input.arn);
    try {
      return await untilDeadline(
        { deadline: context.deadline, clock: dependencies.clock },
        (signal) => wait.run({ ...observed, signal }, launches),
        () => wait.timedOut(launches),
      );
    } finally {
      await progress.stop();
    }
  };
}

class HealthyWait {
  readonly #input: AwaitHealthyInput;
  readonly #progress: WaitProgress;
  readonly #zones: (group: ServerGroupView) => Promise<readonly ZoneShortage[]>;
  #shortages: readonly ZoneShortage[] = [];
  #healthy = 0;
  #inService = 0;
  #seen = false;
  /** Health is not read before enough instances are in service (DESIGN D10). */
  #healthRead = false;
  #vanished = 0;
  #trouble: string | null = null;

  constructor(
    input: AwaitHealthyInput,
    progress: WaitProgress,
    zones: (group: ServerGroupView) => Promise<readonly ZoneShortage[]>,
  ) {
    this.#input = input;
    this.#progress = progress;
    this.#zones = zones;
  }

  async run(observed: Observed, launches: LaunchWatch): Promise<HealthyReport> {
    for await (const event of watchServerGroup(
      observed,
      this.#input.instancesHealthyMin,
      'eager',
    )) {
      const report = await this.#take(event, observed, launches);
      if (report !== null) return report;
      this.#tell(event.nextLookAt);
    }
    throw new Error('the watch ended without a reason');
  }

  async timedOut(launches: LaunchWatch): Promise<GennakerError> {
    const { subject, instancesHealthyMin: wanted, context } = this.#input;
    const words = await launches.lastWords();
    const said = words === null ? '' : ` Auto Scaling says: ${words}`;
    const trouble = this.#trouble === null ? '' : ` The last look failed: ${this.#trouble}`;
    return new GennakerError(
      'STAGE_TIMEOUT',
      `${this.#lastSeen()} at the deadline ${context.deadline}.${said}${trouble}`,
      {
        details: {
          serverGroup: subject.serverGroup,
          healthy: this.#seen ? this.#healthy : null,
          wanted,
          inService: this.#seen ? this.#inService : null,
          zones: this.#shortages.map((shortage) => ({ ...shortage })),
          scalingActivity: words,
        },
      },
    );
  }

  /** What is known of the group; a wait that a dead worker has left too little time may not have seen it once. */
  #lastSeen(): string {
    const { subject, instancesHealthyMin: wanted } = this.#input;
    if (!this.#seen)
      return `Nobody had looked yet how many of the ${wanted} instances of ${subject.serverGroup} are healthy`;
    const zones = this.#shortages.length === 0 ? '' : `; ${zoneShortageWords(this.#shortages)},`;
    return `${subject.serverGroup} had ${this.#healthy} of ${wanted} healthy instances (${this.#inService} in service)${zones}`;
  }

  async #take(
    event: WatchEvent,
    observed: Observed,
    launches: LaunchWatch,
  ): Promise<HealthyReport | null> {
    this.#trouble = event.kind === 'trouble' ? event.error.message : null;
    if (event.kind === 'vanished') {
      this.#vanished += event.extra ? 0 : 1;
      if (this.#vanished >= vanishedLooksMin) throw subjectVanished(observed, null);
    }
    if (event.kind !== 'seen') return null;
    this.#seen = true;
    this.#vanished = 0;
    this.#assertSubject(event.serverGroup, observed);
    const report = this.#count(event);
    this.#shortages = report === null ? [] : await this.#zones(event.serverGroup);
    if (report !== null && this.#shortages.length === 0) return report;
    if (!event.extra) await launches.take(event);
    return null;
  }

  #count(event: Seen): HealthyReport | null {
    const { serverGroup: group, withHealth, observedAt } = event;
    const wanted = this.#input.instancesHealthyMin;
    this.#inService = group.instances.filter((one) => one.lifecycleState === 'InService').length;
    this.#healthy = withHealth ? group.instances.filter((one) => isUp(one, group)).length : 0;
    this.#healthRead = withHealth;
    const enough = this.#healthy >= wanted && (withHealth || wanted === 0);
    return enough ? { healthy: this.#healthy, wanted, observedAt } : null;
  }

  #assertSubject(group: ServerGroupView, observed: Observed): void {
    if (group.deleting) throw subjectVanished(observed, group);
    assertSameGroup(group, this.#input.arn);
  }

  #tell(nextLookAt: string): void {
    const { instancesHealthyMin: wanted, context } = this.#input;
    const inService = this.#healthRead ? '' : `, ${this.#inService} in service`;
    const zones = this.#shortages.length === 0 ? '' : `; ${zoneShortageWords(this.#shortages)}`;
    const counts = `${this.#healthy} of ${wanted} instances healthy${inService}${zones}`;
    this.#progress.report({
      reason: 'healthy',
      message:
        this.#trouble === null ? counts : `${counts}; AWS cannot be read now: ${this.#trouble}`,
      done: this.#healthy,
      wanted,
      nextLookAt,
      deadline: context.deadline,
    });
  }
}
