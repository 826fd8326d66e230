import type { NotCarriedOverItem } from './not-carried-over.js';
import type { AwsMembers } from './aws-members.js';
import type { SourceAlarm, SourceCarriedOver } from './source-carried-over.js';

/** The most that a plan holds; what goes beyond is refused by name. */
export const carriedOverBounds = {
  /** Auto Scaling's quota for one group. */
  policiesMax: 50,
  /** Two a policy, as scaling out and in need. CloudWatch takes three a second: half a minute. */
  alarmsMax: 100,
  /** Auto Scaling's quota for one group. */
  scheduledActionsMax: 125,
  /** Tags of one alarm: CloudWatch allows 50, and five are ours. */
  alarmTagsMax: 45,
  /** Of policies, alarms and actions together as JSON. A plan passes through Temporal, where a payload has at most 2 MB. */
  scalingCharactersMax: 262_144,
} as const;

const knownPolicyTypes: readonly string[] = [
  'SimpleScaling',
  'StepScaling',
  'TargetTrackingScaling',
  'PredictiveScaling',
];

/** Whether this release knows how to copy policies of that type. */
export function isKnownPolicyType(type: string): boolean {
  return knownPolicyTypes.includes(type);
}

/** Whether an alarm looks at one instance of the old group, which the new one does not have. */
export function watchesInstance({ members }: SourceAlarm): boolean {
  return /"Name":"InstanceId"/.test(JSON.stringify(members));
}

/** Whether there is more of it than a plan can hold. */
export function isTooLarge(source: SourceCarriedOver): boolean {
  return scalingCharacters(source) > carriedOverBounds.scalingCharactersMax;
}

/**
 * What the source has that a copy of it cannot have, each with the reason as its value. The group's own settings that
 * are never copied are not among them: the reader names those. Pure and total.
 */
export function carriedOverRefusals(
  source: SourceCarriedOver,
  instanceType: string | null,
): readonly NotCarriedOverItem[] {
  const { policies, alarms, scheduledActions } = source;
  const { policiesMax, alarmsMax, alarmTagsMax, scheduledActionsMax } = carriedOverBounds;
  return [
    ...policies
      .filter(({ type }) => !isKnownPolicyType(type))
      .map(({ name, type }) => item('scalingPolicy', name, `its type ${type} is not known`)),
    ...beyond('scalingPolicy', policies, policiesMax),
    ...alarms
      .filter(watchesInstance)
      .map(({ name }) => item('alarm', name, 'it watches one instance of the old server group')),
    ...alarms
      .filter(({ tags }) => Object.keys(tags).length > alarmTagsMax)
      .map(({ name }) => item('alarmTags', name, `it has more than ${alarmTagsMax} tags`)),
    ...beyond('alarm', alarms, alarmsMax),
    ...beyond('scheduledAction', scheduledActions, scheduledActionsMax),
    ...tooLarge(source),
    ...mixedInstancesRefusals(source.group.mixedInstances?.overrides ?? [], instanceType),
  ];
}

function tooLarge(source: SourceCarriedOver): readonly NotCarriedOverItem[] {
  if (!isTooLarge(source)) return [];
  const value =
    `policies, alarms and scheduled actions have ${scalingCharacters(source)} characters; a plan holds ` +
    `${carriedOverBounds.scalingCharactersMax}`;
  return [{ name: 'scaling', value }];
}

function scalingCharacters({ policies, alarms, scheduledActions }: SourceCarriedOver): number {
  return JSON.stringify({ policies, alarms, scheduledActions }).length;
}

function beyond(
  prefix: string,
  things: readonly { readonly name: string }[],
  countMax: number,
): readonly NotCarriedOverItem[] {
  return things
    .slice(countMax)
    .map(({ name }) => item(prefix, name, `a plan holds at most ${countMax}`));
}

/**
 * Sizes count instances here, not weights; and what an override launches from would not be the new image. Without the
 * overrides, which a stage's instance type replaces, only the weights are in the way: they say what the sizes mean.
 */
function mixedInstancesRefusals(
  overrides: readonly AwsMembers[],
  instanceType: string | null,
): readonly NotCarriedOverItem[] {
  const weighted = overrides.filter((override) => override['WeightedCapacity'] !== undefined);
  const weights =
    weighted.length === 0
      ? []
      : [
          {
            name: 'mixedInstancesPolicy.weightedCapacity',
            value: weighted
              .map((one) => `${nameOf(one)}=${JSON.stringify(one['WeightedCapacity'])}`)
              .join(', '),
          },
        ];
  if (instanceType !== null) return weights;
  const own = (member: string, why: string) =>
    overrides
      .filter((override) => override[member] !== undefined)
      .map((override) =>
        item(`mixedInstancesPolicy.${why}`, nameOf(override), JSON.stringify(override[member])),
      );
  return [
    ...weights,
    ...own('LaunchTemplateSpecification', 'launchTemplate'),
    ...own('ImageId', 'imageId'),
  ];
}

/** An override by its instance type, or as one that is found by its attributes. */
function nameOf(override: AwsMembers): string {
  const type = override['InstanceType'];
  return typeof type === 'string' ? type : 'instanceRequirements';
}

function item(prefix: string, name: string, value: string): NotCarriedOverItem {
  return { name: `${prefix}:${name}`, value };
}
