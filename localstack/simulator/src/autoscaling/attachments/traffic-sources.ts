import type {
  AttachTrafficSourcesType,
  DescribeTrafficSourcesRequest,
  DescribeTrafficSourcesResponse,
  DetachTrafficSourcesType,
  TrafficSourceIdentifier,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import { attach, checkedTargetGroups, detach } from './attachments.js';
import { getGroup, getLiveGroup } from '../groups/group-access.js';
import { refuseDuringRefresh } from '../refreshes/instance-refreshes.js';
import type { GroupRecord } from '../records.js';

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/traffic-sources.html */
export const trafficSourceHandlers: Handlers = {
  AttachTrafficSources: ({ scope }: Call, input: AttachTrafficSourcesType) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    refuseDuringRefresh(scope, group);
    attach(scope, group, {
      arns: checkedTargetGroups(scope, sourceArns(input.TrafficSources)),
      asTrafficSource: true,
    });
    return {};
  },
  DetachTrafficSources: ({ scope }: Call, input: DetachTrafficSourcesType) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    detachSources(scope, group, sourceArns(input.TrafficSources));
    return {};
  },
  DescribeTrafficSources: (
    { scope, reading }: Call,
    input: DescribeTrafficSourcesRequest,
  ): DescribeTrafficSourcesResponse => {
    const group = getGroup(scope, input.AutoScalingGroupName);
    const isAsked = (input.TrafficSourceType ?? 'elbv2') === 'elbv2';
    const page = reading.page({
      rows: isAsked ? group.targetGroups : [],
      key: ({ arn }) => arn,
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 50,
    });
    return {
      TrafficSources: page.items.map(({ arn, state }) => ({
        TrafficSource: arn,
        Identifier: arn,
        Type: 'elbv2',
        State: state,
      })),
      NextToken: page.nextToken,
    };
  },
};

/** The target groups that traffic sources name; classic load balancers and VPC Lattice are not imitated. */
export function sourceArns(
  sources: readonly TrafficSourceIdentifier[] | undefined,
): readonly string[] {
  return (sources ?? []).map(({ Identifier: identifier = '', Type: type }) => {
    if (type !== undefined && !['elbv2', 'elb', 'vpc-lattice'].includes(type))
      throw validationError(`The traffic source type ${type} is not valid`);
    if ((type ?? 'elbv2') !== 'elbv2')
      throw new AwsError('InternalFailure', `Traffic sources of type ${type} are not there`, 501);
    return identifier;
  });
}

function detachSources(scope: Scope, group: GroupRecord, arns: readonly string[]): void {
  const absent = arns.find((arn) => !group.targetGroups.some((attached) => attached.arn === arn));
  if (absent !== undefined)
    throw validationError(
      `Trying to remove a traffic source that is not part of the group: ${absent}`,
    );
  detach(scope, group, arns);
}
