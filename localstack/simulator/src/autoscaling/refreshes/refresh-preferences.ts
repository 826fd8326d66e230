import type { RefreshPreferences, StartInstanceRefreshType } from '@aws-sdk/client-auto-scaling';
import { alarmState } from '../../world/alarm.js';
import { validationError } from '../../wire/aws-error.js';
import type { Scope } from '../../world/scope.js';
import { checkCount, checkRange, checkWord } from '../groups/checks.js';
import type { GroupRecord, RefreshRecord } from '../records.js';

const DELAY_MAX = 172_800;
const ALARMS_MAX = 10;

/**
 * The preferences with AWS's defaults (the group's maintenance policy and warm-up come before them), or its refusal.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
 */
export function checkedPreferences(
  scope: Scope,
  group: GroupRecord,
  input: StartInstanceRefreshType,
): RefreshRecord['preferences'] {
  const given = input.Preferences ?? {};
  checkBounds(given);
  checkCheckpoints(given.CheckpointPercentages ?? []);
  for (const name of given.AlarmSpecification?.Alarms ?? []) {
    if (alarmState(scope, name) === undefined)
      throw validationError(`The alarm ${name} in the alarm specification does not exist`);
  }
  checkRollback(group, input);
  const policy = group.extras.InstanceMaintenancePolicy;
  return {
    SkipMatching: false,
    AutoRollback: false,
    ScaleInProtectedInstances: 'Wait',
    StandbyInstances: 'Wait',
    ...(given.CheckpointPercentages === undefined ? {} : { CheckpointDelay: 3600 }),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    MinHealthyPercentage:
      given.MinHealthyPercentage ?? policyLimit(policy?.MinHealthyPercentage) ?? 90,
    MaxHealthyPercentage:
      given.MaxHealthyPercentage ?? policyLimit(policy?.MaxHealthyPercentage) ?? 100,
    InstanceWarmup:
      given.InstanceWarmup ?? group.extras.DefaultInstanceWarmup ?? group.graceSeconds,
  };
}

/** -1 takes a limit of a maintenance policy back. */
function policyLimit(percent: number | undefined): number | undefined {
  return percent === -1 ? undefined : percent;
}

function checkBounds(given: RefreshPreferences): void {
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = given;
  checkRange('MinHealthyPercentage', min, { min: 0, max: 100 });
  checkRange('MaxHealthyPercentage', max, { min: 100, max: 200 });
  checkRange('InstanceWarmup', given.InstanceWarmup, { min: 0, max: Number.MAX_SAFE_INTEGER });
  checkRange('CheckpointDelay', given.CheckpointDelay, { min: 0, max: DELAY_MAX });
  checkRange('BakeTime', given.BakeTime, { min: 0, max: DELAY_MAX });
  checkWord('scaleInProtectedInstances', given.ScaleInProtectedInstances, [
    'Refresh',
    'Ignore',
    'Wait',
  ]);
  checkWord('standbyInstances', given.StandbyInstances, ['Terminate', 'Ignore', 'Wait']);
  checkCount('alarms', given.AlarmSpecification?.Alarms, ALARMS_MAX);
  if (max !== undefined && min === undefined)
    throw validationError('MinHealthyPercentage must be specified with MaxHealthyPercentage');
  if (max !== undefined && min !== undefined && max - min > 100)
    throw validationError(
      'The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100',
    );
}

function checkCheckpoints(percentages: readonly number[]): void {
  for (const [index, percent] of percentages.entries()) {
    checkRange('CheckpointPercentages', percent, { min: 1, max: 100 });
    if (percent <= (percentages[index - 1] ?? 0))
      throw validationError('CheckpointPercentages must be unique and in ascending order');
  }
}

/** Automatic rollback needs something to go back to. */
function checkRollback(group: GroupRecord, input: StartInstanceRefreshType): void {
  if (input.Preferences?.AutoRollback !== true) return;
  const { DesiredConfiguration: wanted } = input;
  const version = (
    wanted?.LaunchTemplate ??
    wanted?.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification
  )?.Version;
  const before = group.launch.kind === 'template' ? group.launch.version : '1';
  if (wanted === undefined || ![version ?? '$Default', before].every((text) => /^\d+$/.test(text)))
    throw validationError(
      'AutoRollback needs a DesiredConfiguration, and launch template versions that are numbers',
    );
}
