import { isOwnedBy } from '@gennaker/aws';
import type { OperationContext } from '@gennaker/contract/wire';
import {
  GennakerError,
  type AlarmActions,
  type PlannedAlarm,
  type PlannedAlarmAction,
} from '@gennaker/domain';
import { reading, writing } from '../../call-options.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { nameConflict } from './ownership.js';

/** Alarms to make, and the policies that they act on. */
export interface AlarmsToPut {
  readonly alarms: readonly PlannedAlarm[];
  /** ARNs of the new policies by name. */
  readonly arns: ReadonlyMap<string, string>;
  readonly context: OperationContext;
}

/**
 * Makes the alarms of a server group's policies. PutMetricAlarm asks nobody before it overwrites, so it looks first: an
 * alarm that has the name and is not this stage's is left alone. Throws NAME_CONFLICT before any alarm is made.
 */
export async function putAlarms(
  { region, serverGroup, priority }: Observed,
  { alarms, arns, context }: AlarmsToPut,
): Promise<void> {
  const names = alarms.map(({ name }) => name);
  const existing = await region.describeAlarms({ names }, { ...reading(priority), withTags: true });
  for (const { name, tags } of existing) {
    if (!isOwnedBy(tags ?? {}, context)) throw nameConflict({ kind: 'Alarm', name }, tags ?? {});
  }
  for (const { name, members, actions, tags } of alarms) {
    const resolved = resolvedActions(actions, arns);
    await region.putAlarm(
      { name, serverGroup, members, actions: resolved, tags, owner: context },
      await writing(priority),
    );
  }
}

/** The actions with the new policies' ARNs in the place of their names. */
function resolvedActions(
  actions: AlarmActions<PlannedAlarmAction>,
  arns: ReadonlyMap<string, string>,
): AlarmActions<string> {
  const resolve = (planned: readonly PlannedAlarmAction[]): readonly string[] =>
    planned.map((action) => ('arn' in action ? action.arn : arnOf(action.policy, arns)));
  return {
    alarm: resolve(actions.alarm),
    ok: resolve(actions.ok),
    insufficientData: resolve(actions.insufficientData),
  };
}

function arnOf(policy: string, arns: ReadonlyMap<string, string>): string {
  const arn = arns.get(policy);
  if (arn !== undefined) return arn;
  throw new GennakerError(
    'INTERNAL',
    `The plan has an alarm for scaling policy ${policy}, which it does not make.`,
  );
}
