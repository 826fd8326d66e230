import type { PutScalingPolicyType, StepAdjustment } from '@aws-sdk/client-auto-scaling';
import { validationError } from '../../wire/aws-error.js';
import { checkCount, checkLength, checkWord } from '../groups/checks.js';

const STEPS_MAX = 20;
const TYPES = ['SimpleScaling', 'StepScaling', 'TargetTrackingScaling', 'PredictiveScaling'];
const ADJUSTMENTS = ['ChangeInCapacity', 'ExactCapacity', 'PercentChangeInCapacity'];

/** Refuses what AWS refuses. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html */
export function checkPolicy(input: PutScalingPolicyType): void {
  checkLength('policyName', input.PolicyName, 255);
  const type = input.PolicyType ?? 'SimpleScaling';
  checkWord('policyType', type, TYPES);
  switch (type) {
    case 'SimpleScaling':
      checkAdjustment(input);
      require(input.ScalingAdjustment, 'ScalingAdjustment');
      refuse(input.StepAdjustments, 'StepAdjustments', type);
      break;
    case 'StepScaling':
      checkAdjustment(input);
      checkSteps(input.StepAdjustments ?? []);
      refuse(input.ScalingAdjustment, 'ScalingAdjustment', type);
      refuse(input.Cooldown, 'Cooldown', type);
      break;
    case 'TargetTrackingScaling':
      checkTracking(input);
      refuse(input.AdjustmentType, 'AdjustmentType', type);
      refuse(input.Cooldown, 'Cooldown', type);
      break;
    default:
      require(input.PredictiveScalingConfiguration, 'PredictiveScalingConfiguration');
  }
}

function checkAdjustment(input: PutScalingPolicyType): void {
  require(input.AdjustmentType, 'AdjustmentType');
  checkWord('adjustmentType', input.AdjustmentType, ADJUSTMENTS);
  if (
    input.MinAdjustmentMagnitude !== undefined &&
    input.AdjustmentType !== 'PercentChangeInCapacity'
  )
    throw validationError('MinAdjustmentMagnitude is only supported for PercentChangeInCapacity');
}

/** "The ranges of your step adjustments can't overlap or have a gap." */
function checkSteps(steps: readonly StepAdjustment[]): void {
  if (steps.length === 0) throw validationError('StepAdjustments must be specified');
  checkCount('stepAdjustments', steps, STEPS_MAX);
  const lower = (step: StepAdjustment) => step.MetricIntervalLowerBound ?? -Infinity;
  const upper = (step: StepAdjustment) => step.MetricIntervalUpperBound ?? Infinity;
  const sorted = steps.toSorted((a, b) => lower(a) - lower(b));
  for (const [index, step] of sorted.entries()) {
    const next = sorted[index + 1];
    if (lower(step) >= upper(step))
      throw validationError('A step adjustment must have a lower bound below its upper bound');
    if (next !== undefined && upper(step) !== lower(next))
      throw validationError('Step adjustment intervals must not overlap or have a gap');
  }
}

function checkTracking(input: PutScalingPolicyType): void {
  const configuration = input.TargetTrackingConfiguration;
  if (configuration === undefined)
    throw validationError('TargetTrackingConfiguration must be specified');
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    configuration;
  if ((predefined === undefined) === (customized === undefined)) {
    throw validationError(
      'Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified',
    );
  }
  const isAlb = predefined?.PredefinedMetricType === 'ALBRequestCountPerTarget';
  if (isAlb && !/^app\/.+\/targetgroup\/.+/.test(predefined.ResourceLabel ?? ''))
    throw validationError('ALBRequestCountPerTarget needs a ResourceLabel app/…/targetgroup/…');
}

function require(value: unknown, name: string): void {
  if (value === undefined) throw validationError(`${name} must be specified`);
}

function refuse(value: unknown, name: string, type: string): void {
  if (value !== undefined) throw validationError(`${name} is not supported for ${type}`);
}
