import type { Capacity, ServerGroupRef, ServerGroupRestoreState } from './cluster.js';

/**
 * One thing to undo, recorded as data before its forward step starts (DESIGN D8). Entries are undone last first; the
 * first that fails stops the rest, so that nothing is destroyed before what replaces it serves again.
 */
export type UndoEntry =
  | (UndoBase & { readonly operation: 'destroyServerGroup' })
  | (UndoBase & {
      readonly operation: 'enableServerGroup';
      readonly restore: ServerGroupRestoreState;
    });

interface UndoBase {
  /** Unique within the attempt; equals the id of the plan step that it undoes. */
  readonly id: string;
  readonly title: string;
  readonly subject: ServerGroupRef;
}

/** `pending`: not begun; `done`: undone and verified; `failed`: a person must look; `dropped`: the stage succeeded or was stopped. */
export type UndoStatus = 'pending' | 'done' | 'failed' | 'dropped';

/** Why an undo runs. */
export type UndoCause = 'failure' | 'timeout' | 'cancel';

/** The entry as lines for the AWS command line, for a person who has to finish an undo by hand. */
export function awsCommandLines(entry: UndoEntry): readonly string[] {
  switch (entry.operation) {
    case 'destroyServerGroup':
      return [
        autoscaling(entry, 'update-auto-scaling-group', '--min-size 0 --desired-capacity 0'),
        autoscaling(entry, 'delete-auto-scaling-group', '--force-delete'),
      ];
    case 'enableServerGroup':
      return enableLines(entry);
  }
}

/**
 * Registers, waits until the targets are healthy (before that a resumed health check would replace the instances), resumes
 * and restores the sizes. A list that is empty makes no line: for AWS it would mean all processes.
 */
function enableLines(entry: Extract<UndoEntry, { operation: 'enableServerGroup' }>): string[] {
  const { restore, subject } = entry;
  const registered = Object.entries(restore.registered).filter(([, ids]) => ids.length > 0);
  const targets = (command: string): string[] =>
    registered.map(
      ([arn, ids]) =>
        `aws elbv2 ${command} --region ${subject.region} --target-group-arn ${arn}` +
        ` --targets ${ids.map((id) => `Id=${id}`).join(' ')}`,
    );
  const resumed = [
    'AddToLoadBalancer',
    'Launch',
    'Terminate',
    'HealthCheck',
    'ReplaceUnhealthy',
  ].filter((process) => !restore.suspendedProcesses.includes(process));
  const resume = autoscaling(entry, 'resume-processes', `--scaling-processes ${resumed.join(' ')}`);
  return [
    ...targets('register-targets'),
    ...targets('wait target-in-service'),
    ...(resumed.length === 0 ? [] : [resume]),
    autoscaling(entry, 'update-auto-scaling-group', sizes(restore.capacity)),
  ];
}

function autoscaling(entry: UndoEntry, command: string, rest: string): string {
  const { region, serverGroup } = entry.subject;
  return `aws autoscaling ${command} --region ${region} --auto-scaling-group-name ${serverGroup} ${rest}`;
}

function sizes(capacity: Capacity): string {
  return `--min-size ${capacity.min} --desired-capacity ${capacity.desired} --max-size ${capacity.max}`;
}
