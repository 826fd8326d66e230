import type {
  CreateLaunchConfigurationType,
  DescribeNotificationConfigurationsType,
  LaunchConfiguration,
  LaunchConfigurationNamesType,
  LaunchConfigurationNameType,
  LaunchConfigurationsType,
  NotificationConfiguration,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';

/** Listing what hangs on groups, and launch configurations (which AWS keeps for old accounts only). */
export const groupThingReadHandlers: Handlers = {
  DescribeNotificationConfigurations: (
    { scope, reading }: Call,
    input: DescribeNotificationConfigurationsType,
  ) => {
    const rows = scope.tables.notifications
      .all()
      .filter(({ group }) => input.AutoScalingGroupNames?.includes(group) ?? true)
      .map(({ notification }) => notification);
    const page = reading.page({
      rows,
      key: (row: NotificationConfiguration) =>
        `${row.AutoScalingGroupName} ${row.TopicARN} ${row.NotificationType}`,
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return { NotificationConfigurations: [...page.items], NextToken: page.nextToken };
  },
  CreateLaunchConfiguration: ({ scope }: Call, input: CreateLaunchConfigurationType) => {
    const name = input.LaunchConfigurationName ?? '';
    if (scope.tables.configurations.find(name) !== undefined) {
      throw new AwsError(
        'AlreadyExists',
        `Launch Configuration by this name already exists - A launch configuration already exists with the name ${name}`,
      );
    }
    if (input.ImageId === undefined || input.InstanceType === undefined) {
      throw validationError(
        'Valid requests must contain either the InstanceID parameter or both the ImageId and InstanceType parameters.',
      );
    }
    const arn = `arn:aws:autoscaling:${scope.region}:${scope.account}:launchConfiguration:${scope.world.nextHex(32)}:launchConfigurationName/${name}`;
    scope.tables.configurations.put(name, { name, arn, createdAt: scope.now(), request: input });
    return {};
  },
  DescribeLaunchConfigurations: (
    { scope, reading }: Call,
    input: LaunchConfigurationNamesType,
  ): LaunchConfigurationsType => {
    const rows = scope.tables.configurations
      .all()
      .filter(({ name }) => input.LaunchConfigurationNames?.includes(name) ?? true);
    const page = reading.page({
      rows,
      key: ({ name }) => name,
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return {
      LaunchConfigurations: page.items.map(({ arn, createdAt, request }): LaunchConfiguration => ({
        SecurityGroups: [],
        BlockDeviceMappings: [],
        UserData: '',
        EbsOptimized: false,
        ...request,
        LaunchConfigurationName: request.LaunchConfigurationName,
        ImageId: request.ImageId,
        InstanceType: request.InstanceType,
        LaunchConfigurationARN: arn,
        CreatedTime: new Date(createdAt),
      })),
      NextToken: page.nextToken,
    };
  },
  DeleteLaunchConfiguration: ({ scope }: Call, input: LaunchConfigurationNameType) => {
    const name = input.LaunchConfigurationName ?? '';
    if (scope.tables.configurations.find(name) === undefined)
      throw validationError(`Launch configuration name not found - ${name}`);
    const isUsed = scope.tables.groups
      .all()
      .some(({ launch }) => launch.kind === 'configuration' && launch.name === name);
    if (isUsed)
      throw new AwsError(
        'ResourceInUse',
        `Cannot delete launch configuration ${name} because it is attached to an AutoScalingGroup`,
      );
    scope.tables.configurations.delete(name);
    return {};
  },
};
