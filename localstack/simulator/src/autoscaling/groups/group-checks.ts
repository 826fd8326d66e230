import type {
  CreateAutoScalingGroupType,
  InstanceMaintenancePolicy,
  MixedInstancesPolicy,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../../wire/aws-error.js';
import { checkCount, checkRange, checkWord } from './checks.js';
import { TERMINATION_POLICIES } from '../sizes/scale-in.js';

const SECONDS_MAX = 2_147_483_647;
const LIFETIME = { min: 86_400, max: 31_536_000 };
const OVERRIDES_MAX = 40;

/**
 * Refuses settings of a group that are out of AWS's bounds.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
 */
export function checkSettings(
  input: CreateAutoScalingGroupType | UpdateAutoScalingGroupType,
): void {
  checkRange('DefaultCooldown', input.DefaultCooldown, { min: 0, max: SECONDS_MAX });
  checkRange('HealthCheckGracePeriod', input.HealthCheckGracePeriod, { min: 0, max: SECONDS_MAX });
  // -1 takes a warm-up back.
  checkRange('DefaultInstanceWarmup', input.DefaultInstanceWarmup, { min: -1, max: SECONDS_MAX });
  if (input.MaxInstanceLifetime !== 0)
    checkRange('MaxInstanceLifetime', input.MaxInstanceLifetime, LIFETIME);
  checkWord('desiredCapacityType', input.DesiredCapacityType, ['units', 'vcpu', 'memory-mib']);
  checkWord('deletionProtection', input.DeletionProtection, [
    'none',
    'prevent-force-deletion',
    'prevent-all-deletion',
  ]);
  checkWord(
    'capacityDistributionStrategy',
    input.AvailabilityZoneDistribution?.CapacityDistributionStrategy,
    ['balanced-best-effort', 'balanced-only'],
  );
  for (const policy of input.TerminationPolicies ?? []) checkTerminationPolicy(policy);
  checkMaintenance(input.InstanceMaintenancePolicy);
  checkMixed(input.MixedInstancesPolicy);
}

/** A policy of AWS's, or a Lambda function. */
function checkTerminationPolicy(policy: string): void {
  if (policy.startsWith('arn:aws:lambda:')) return;
  checkWord('terminationPolicies', policy, TERMINATION_POLICIES);
}

/** "Both or neither": -1 and -1 take the policy back. */
function checkMaintenance(policy: InstanceMaintenancePolicy | undefined): void {
  if (policy === undefined) return;
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = policy;
  if ((min === undefined) !== (max === undefined) || (min === -1) !== (max === -1))
    throw validationError(
      'You must specify both MinHealthyPercentage and MaxHealthyPercentage of an instance maintenance policy',
    );
  if (min === undefined || max === undefined || min === -1) return;
  checkRange('MinHealthyPercentage', min, { min: 0, max: 100 });
  checkRange('MaxHealthyPercentage', max, { min: 100, max: 200 });
  if (max - min > 100)
    throw validationError(
      'The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100',
    );
}

function checkMixed(policy: MixedInstancesPolicy | undefined): void {
  const overrides = policy?.LaunchTemplate?.Overrides ?? [];
  checkCount('overrides', overrides, OVERRIDES_MAX);
  const weights = overrides.map(({ WeightedCapacity: weight }) => weight);
  if (weights.some((weight) => weight !== undefined) && weights.includes(undefined))
    throw validationError('Either all overrides or none must have a WeightedCapacity');
  for (const weight of weights)
    checkRange('WeightedCapacity', weight === undefined ? undefined : Number(weight), {
      min: 1,
      max: 999,
    });
}
