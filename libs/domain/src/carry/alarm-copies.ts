import { renamedMembers, type Rename, type Renames } from './aws-members.js';
import { carriedOverBounds } from './carried-over-refusals.js';
import type { PlannedAlarm, PlannedAlarmAction } from './planned-carried-over.js';
import type {
  AlarmActions,
  ScalingPolicy,
  SourceAlarm,
  SourceScalingPolicy,
} from './source-carried-over.js';

/** CloudWatch's bound on an alarm's name, in characters. */
const alarmNameLengthMax = 255;

/** What copies of alarms are made from. */
export interface AlarmCopyFacts {
  readonly alarms: readonly SourceAlarm[];
  readonly policies: readonly SourceScalingPolicy[];
  /** Those of the policies that the new server group gets. */
  readonly copied: readonly ScalingPolicy[];
  readonly renames: Renames;
}

/**
 * A new alarm for each of the old ones that acts on a copied policy: on the new policy, with the new group in its
 * dimensions. What else the old one does (an SNS topic, a function) the new one does too; a policy of another group is
 * left to the old one. Pure.
 */
export function copiedAlarms(facts: AlarmCopyFacts): readonly PlannedAlarm[] {
  const { alarms, renames } = facts;
  const acting = alarms
    .map((alarm) => ({ alarm, actions: copiedActions(alarm.actions, facts) }))
    .filter(({ actions }) => listedActions(actions).some((action) => 'policy' in action));
  const names = newAlarmNames(
    acting.map(({ alarm }) => alarm.name),
    renames.serverGroup,
  );
  return acting.map(({ alarm, actions }, index) => ({
    name: names[index] ?? alarm.name,
    copiedFrom: alarm.name,
    members: renamedMembers(alarm.members, renames),
    actions,
    tags: Object.fromEntries(Object.entries(alarm.tags).slice(0, carriedOverBounds.alarmTagsMax)),
  }));
}

/** Every action of an alarm, of whatever state; an ARN of two states once. */
export function listedActions<Action>(actions: AlarmActions<Action>): readonly Action[] {
  return [...new Set([...actions.alarm, ...actions.ok, ...actions.insufficientData])];
}

/** Whether an ARN is that of a scaling policy of Auto Scaling, of whatever group. */
export function isScalingPolicyArn(arn: string): boolean {
  return /^arn:[^:]*:autoscaling:.*:scalingPolicy:/.test(arn);
}

function copiedActions(
  actions: AlarmActions<string>,
  facts: AlarmCopyFacts,
): AlarmActions<PlannedAlarmAction> {
  const copy = (arns: readonly string[]) => arns.flatMap((arn) => copiedAction(arn, facts));
  return {
    alarm: copy(actions.alarm),
    ok: copy(actions.ok),
    insufficientData: copy(actions.insufficientData),
  };
}

function copiedAction(arn: string, facts: AlarmCopyFacts): readonly PlannedAlarmAction[] {
  const position = facts.policies.findIndex((policy) => policy.arn === arn);
  const name = facts.policies[position]?.name;
  if (name !== undefined && facts.copied.some((policy) => policy.name === name)) {
    return [{ policy: name }];
  }
  return isScalingPolicyArn(arn) ? [] : [{ arn }];
}

/**
 * The new group's name and what the old name says besides the old group's, so that copies of copies do not grow. Names of
 * alarms are one space per account and region: two that would be the same get a number.
 */
function newAlarmNames(oldNames: readonly string[], { from, to }: Rename): readonly string[] {
  const taken = new Set<string>();
  return oldNames.map((oldName) => {
    const rest = oldName
      .split(from)
      .join('')
      .replace(/^[-_. ]+|[-_. ]+$/g, '');
    const wanted = `${to}-${rest === '' ? 'alarm' : rest}`;
    const name = firstFree(wanted, taken);
    taken.add(name);
    return name;
  });
}

function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  const plain = wanted.slice(0, alarmNameLengthMax);
  for (let number = 2, name = plain; ; number += 1) {
    if (!taken.has(name)) return name;
    const suffix = `-${number}`;
    name = wanted.slice(0, alarmNameLengthMax - suffix.length) + suffix;
  }
}
