import type { Aws } from '@gennaker/aws';
import type { OperationContext } from '@gennaker/contract/wire';
import type { ServerGroupRef } from '@gennaker/domain';
import { currentLease } from '../lease/lease-interceptor.js';
import type { Observed } from './watch-server-group.js';

/** The server group that an activity works on, under observation until the activity is cancelled. */
export function observedSubject(
  aws: Aws,
  subject: ServerGroupRef,
  priority: OperationContext['priority'],
): Observed {
  return {
    region: aws.region(subject.account, subject.region),
    serverGroup: subject.serverGroup,
    priority,
    signal: currentLease().signal,
  };
}
