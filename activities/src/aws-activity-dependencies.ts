import type { Aws } from '@gennaker/aws';
import type { Clock, Logger } from '@gennaker/platform';
import type { ClusterHistory, EventRepository, NameRepository } from '@gennaker/store';

/** What the AWS activities are made from. */
export interface AwsActivityDependencies {
  readonly aws: Aws;
  readonly names: ServerGroupNames;
  readonly history: ClusterHistory;
  readonly progress: ProgressLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Names of server groups, reserved in the store before use (DESIGN D7). */
export type ServerGroupNames = Pick<
  NameRepository,
  'reserveServerGroupName' | 'peekServerGroupName'
>;

/** Where waits tell how far they are. */
export type ProgressLog = Pick<EventRepository, 'recordProgress'>;
