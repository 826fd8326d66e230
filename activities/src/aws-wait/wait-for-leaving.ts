import type { OperationContext } from '@gennaker/contract/wire';
import {
  GennakerError,
  type ServerGroupRef,
  type ServerGroupView,
  type WaitingFor,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { deletedLooksMin, vanishedLooksMin } from '../observe/look.js';
import { observedSubject } from '../observe/observed-subject.js';
import { watchServerGroup } from '../observe/watch-server-group.js';
import { untilDeadline } from './until-deadline.js';
import { WaitProgress } from './wait-progress.js';

/** A wait for something to leave; a group that is gone ends every such wait. */
export interface LeavingWait {
  readonly reason: Extract<WaitingFor['reason'], 'drained' | 'gone'>;
  readonly wantHealthFrom: number;
  /** How many are left; 0 ends the wait. Null: this look does not tell. */
  countLeft(group: ServerGroupView, withHealth: boolean): number | null;
  inWords(left: number): string;
}

/** Looks until nothing is left. Throws STAGE_TIMEOUT at the deadline; the cancellation as it comes. Changes nothing. */
export async function waitForLeaving(
  dependencies: AwsActivityDependencies,
  input: { readonly context: OperationContext; readonly subject: ServerGroupRef },
  wait: LeavingWait,
): Promise<void> {
  const { context, subject } = input;
  const { deadline } = context;
  const progress = new WaitProgress(dependencies, context);
  const observed = observedSubject(dependencies.aws, subject, context.priority);
  let message = `waits for a first look at ${subject.serverGroup}`;
  let vanished = 0;
  let wasDeleting = false;
  const run = async (signal: AbortSignal): Promise<void> => {
    const watched = { ...observed, signal };
    for await (const event of watchServerGroup(watched, wait.wantHealthFrom, 'eager')) {
      wasDeleting ||= event.kind === 'seen' && event.serverGroup.deleting;
      if (event.kind !== 'vanished') vanished = 0;
      else if (!event.extra || wasDeleting) vanished += 1;
      if (vanished >= (wasDeleting ? deletedLooksMin : vanishedLooksMin)) return;
      const left =
        event.kind === 'seen' ? wait.countLeft(event.serverGroup, event.withHealth) : null;
      if (left === 0) return;
      if (left !== null) message = wait.inWords(left);
      if (event.kind === 'trouble') message = `AWS cannot be read now: ${event.error.message}`;
      const nextLookAt = event.nextLookAt;
      progress.report({
        reason: wait.reason,
        message,
        done: null,
        wanted: null,
        nextLookAt,
        deadline,
      });
    }
  };
  const timedOut = async (): Promise<Error> =>
    new GennakerError(
      'STAGE_TIMEOUT',
      `At the deadline ${deadline} ${subject.serverGroup} ${message}.`,
      {
        details: { serverGroup: subject.serverGroup, reason: wait.reason },
      },
    );
  try {
    await untilDeadline({ deadline, clock: dependencies.clock }, run, timedOut);
  } finally {
    await progress.stop();
  }
}
