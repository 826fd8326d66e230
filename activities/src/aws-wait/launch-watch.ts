import type { WatchEvent } from '@gennaker/aws';
import { GennakerError, type ScalingActivityRecord, type ServerGroupView } from '@gennaker/domain';
import { reading } from '../call-options.js';
import type { Observed } from '../observe/watch-server-group.js';
import { incurableFailure } from './launch-failures.js';

/** Scaling activities are read once instances have been missing in this many looks, and then again after as many more. */
const looksBetweenReads = 3;
const activitiesRead = 20;
/** At the deadline AWS's words are worth this much more time, and no more. */
const lastWordsMs = 3_000;

/** Follows why a server group has fewer instances than it wants, at the price of few calls (DescribeScalingActivities). */
export class LaunchWatch {
  readonly #observed: Observed;
  readonly #isOurs: boolean;
  #since: string | null = null;
  #looksShort = 0;
  #newestFirst: readonly ScalingActivityRecord[] = [];

  /** @param arn of the group that this stage made: then all its activities count, else those since the first look. */
  constructor(observed: Observed, arn: string | null) {
    this.#observed = observed;
    this.#isOurs = arn !== null;
  }

  /** Throws LAUNCH_FAILED when launches fail for a reason that waiting cannot cure. Short: as far as one sees. */
  async take(
    event: Extract<WatchEvent, { kind: 'seen' }>,
    isShort: boolean = isShortOf(event.serverGroup),
  ): Promise<void> {
    const { serverGroup: group } = event;
    this.#since ??= this.#isOurs ? group.createdAt : event.observedAt;
    if (!isShort) return;
    this.#looksShort += 1;
    if (this.#looksShort % looksBetweenReads !== 0) return;
    const newestFirst = await this.#read(this.#observed.signal);
    if (newestFirst === null) return;
    this.#newestFirst = newestFirst;
    const failure = incurableFailure(newestFirst, this.#since);
    if (failure === null) return;
    throw new GennakerError(
      'LAUNCH_FAILED',
      `Auto Scaling cannot launch instances of ${group.name}, and waiting does not help (${failure.reason}; ` +
        `${failure.failures} launches in a row failed). It says: ${failure.message}`,
      { details: { serverGroup: group.name, reason: failure.reason, message: failure.message } },
    );
  }

  /** Auto Scaling's words on its newest activity; null where it has none or does not answer in time. */
  async lastWords(): Promise<string | null> {
    const { signal } = this.#observed;
    const newestFirst = await this.#read(
      AbortSignal.any([signal, AbortSignal.timeout(lastWordsMs)]),
    );
    const [newest] = newestFirst ?? this.#newestFirst;
    return newest === undefined ? null : (newest.message ?? newest.description);
  }

  /** Null when AWS does not answer: the wait itself does not depend on it. */
  async #read(signal: AbortSignal): Promise<readonly ScalingActivityRecord[] | null> {
    const { region, serverGroup, priority } = this.#observed;
    try {
      return await region.describeScalingActivities(
        { serverGroup, activitiesMax: activitiesRead },
        { ...reading(priority), signal },
      );
    } catch {
      this.#observed.signal.throwIfAborted();
      return null;
    }
  }
}

function isShortOf(group: ServerGroupView): boolean {
  return group.instances.length < group.capacity.desired;
}
