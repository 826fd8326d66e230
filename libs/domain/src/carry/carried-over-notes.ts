import { isScalingPolicyArn, listedActions } from './alarm-copies.js';
import type { PlannedCarriedOver, PlannedScaling } from './planned-carried-over.js';
import { isOver, type CarryFacts } from './plan-carried-over.js';
import type { ScheduledAction } from './source-carried-over.js';

/** The plan that the notes are about. */
export interface NotedPlan {
  readonly planned: PlannedCarriedOver;
  /** Of the new server group. */
  readonly suspendedProcesses: readonly string[];
  /** How long the deploy may take. */
  readonly timeoutSeconds: number;
}

/**
 * What a person should know of the copy before it is made, in sentences: what is shared with the old group, what is left
 * to it, what is dropped, and what may be due in the middle of the deploy. Pure.
 */
export function carriedOverNotes(
  facts: CarryFacts,
  { planned, suspendedProcesses, timeoutSeconds }: NotedPlan,
): readonly string[] {
  return [
    ...idle(planned.scaling, suspendedProcesses),
    ...sharedActions(planned),
    ...foreignPolicies(facts, planned),
    ...droppedActions(facts),
    ...dueMeanwhile(planned.scaling.scheduledActions, facts.now, timeoutSeconds),
    ...replacedOverrides(facts),
  ];
}

/** What would hang on the group without an effect: the source's suspensions are inherited. */
function idle(
  { policies, scheduledActions }: PlannedScaling,
  suspendedProcesses: readonly string[],
): readonly string[] {
  const idleOf = (process: string, what: string, count: number) =>
    count > 0 && suspendedProcesses.includes(process)
      ? [
          `${process} is suspended on the new server group as on the old one: its ${what} do not act.`,
        ]
      : [];
  return [
    ...idleOf('AlarmNotification', 'scaling policies', policies.length),
    ...idleOf('ScheduledActions', 'scheduled actions', scheduledActions.length),
  ];
}

/** A topic or function that the old alarms act on is acted on by their copies, too: both groups are worth a message. */
function sharedActions({ scaling }: PlannedCarriedOver): readonly string[] {
  const byArn = new Map<string, string[]>();
  for (const { name, actions } of scaling.alarms) {
    const arns = listedActions(actions).flatMap((action) => ('arn' in action ? action.arn : []));
    for (const arn of new Set(arns)) byArn.set(arn, [...(byArn.get(arn) ?? []), name]);
  }
  return [...byArn].map(
    ([arn, names]) =>
      `${arn} is acted on by the copies of alarms as by their originals: ${listed(names)}.`,
  );
}

function foreignPolicies(
  { source }: CarryFacts,
  { scaling }: PlannedCarriedOver,
): readonly string[] {
  const own = new Set(source.policies.map(({ arn }) => arn));
  return scaling.alarms.flatMap(({ name, copiedFrom }) => {
    const original = source.alarms.find((alarm) => alarm.name === copiedFrom);
    const foreign = (original === undefined ? [] : listedActions(original.actions)).filter(
      (arn) => isScalingPolicyArn(arn) && !own.has(arn),
    );
    if (foreign.length === 0) return [];
    return [
      `Alarm ${copiedFrom} acts on policies of other server groups, too, which its copy ${name} does not: ${listed(foreign)}.`,
    ];
  });
}

function droppedActions({ source, now }: CarryFacts): readonly string[] {
  const over = source.scheduledActions.filter((action) => isOver(action, now));
  if (over.length === 0) return [];
  return [
    `Scheduled actions that will not act again are not copied: ${listed(over.map(({ name }) => name))}.`,
  ];
}

function dueMeanwhile(
  actions: readonly ScheduledAction[],
  now: string,
  timeoutSeconds: number,
): readonly string[] {
  const untilMs = Date.parse(now) + timeoutSeconds * 1_000;
  return actions
    .filter(({ startAt }) => startAt !== null && Date.parse(startAt) <= untilMs)
    .map(
      ({ name, startAt }) =>
        `Scheduled action ${name} is due at ${startAt}, perhaps in the middle of this deploy: on the new server group it ` +
        'is then made up for at the end where it makes the group larger, and named where it does not.',
    );
}

function replacedOverrides({ source, instanceType }: CarryFacts): readonly string[] {
  const { mixedInstances } = source.group;
  if (instanceType === null || mixedInstances === null || mixedInstances.overrides.length === 0) {
    return [];
  }
  return [
    `The stage's instance type ${instanceType} takes the place of the mixed instances policy's ` +
      `${mixedInstances.overrides.length} overrides; its shares of On-Demand and Spot stay.`,
  ];
}

/** So many names are told; a plan is read by people. */
const namesMax = 10;

function listed(names: readonly string[]): string {
  const told = names.slice(0, namesMax).join(', ');
  return names.length > namesMax ? `${told} and ${names.length - namesMax} more` : told;
}
