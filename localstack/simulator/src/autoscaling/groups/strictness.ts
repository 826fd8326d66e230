import type { Handler, Handlers } from '../../world/call.js';
import { validationError } from '../../wire/aws-error.js';
import { checkCount, checkLength, checkRange } from './checks.js';

/** How long names may be (the model's XmlStringMaxLen…), wherever an operation takes them. */
const LENGTHS: Readonly<Record<string, number>> = {
  AutoScalingGroupName: 255,
  LaunchConfigurationName: 255,
  LifecycleHookName: 255,
  LifecycleActionToken: 36,
  PolicyName: 1600,
  ScheduledActionName: 255,
  TopicARN: 1600,
  InstanceId: 19,
};

/** How many names a list may have. */
const COUNTS: Readonly<Record<string, number>> = {
  AutoScalingGroupNames: 50,
  ActivityIds: 50,
  LifecycleHookNames: 50,
  PolicyNames: 50,
  LaunchConfigurationNames: 50,
  ScheduledActionNames: 50,
  TargetGroupARNs: 10,
  TrafficSources: 10,
};

/** Pages of other operations have up to a hundred items. */
const SMALL_PAGES = ['DescribeAutoScalingInstances', 'DescribeTrafficSources', 'DescribeWarmPool'];

/**
 * The same operations, refusing what the service's model refuses before anything else: names that are empty or too
 * long, lists that are, pages of impossible sizes.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html
 */
export function strictly(handlers: Handlers): Handlers {
  return Object.fromEntries(
    Object.entries(handlers).map(([action, handler]): [string, Handler] => [
      action,
      (call, input) => {
        checkInput(action, input);
        return handler(call, input);
      },
    ]),
  );
}

function checkInput(action: string, input: object): void {
  for (const [member, value] of Object.entries<unknown>({ ...input })) {
    const label = member.charAt(0).toLowerCase() + member.slice(1);
    const max = LENGTHS[member];
    if (typeof value === 'string' && max !== undefined) checkLength(label, value, max);
    const count = COUNTS[member];
    if (Array.isArray(value) && count !== undefined) checkCount(label, value, count);
    if (member === 'MaxRecords' && typeof value === 'number')
      checkRange(member, value, { min: 1, max: SMALL_PAGES.includes(action) ? 50 : 100 });
    if (typeof value === 'number' && !Number.isFinite(value))
      throw validationError(`${member} must be a finite number`);
  }
}
