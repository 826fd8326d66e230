import type { BlockDeviceMapping, LaunchConfiguration } from '@aws-sdk/client-auto-scaling';
import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';

type Interface = NonNullable<RequestLaunchTemplateData['NetworkInterfaces']>[number];

/**
 * The launch configuration as launch template data with the same effect (Auto Scaling user guide, "Migrate your Auto
 * Scaling groups to launch templates"). Pure.
 */
export function fromLaunchConfiguration(source: LaunchConfiguration): RequestLaunchTemplateData {
  return withoutEmpty({
    ImageId: source.ImageId,
    InstanceType: source.InstanceType as RequestLaunchTemplateData['InstanceType'],
    KeyName: source.KeyName,
    KernelId: source.KernelId,
    RamDiskId: source.RamdiskId,
    UserData: source.UserData,
    EbsOptimized: source.EbsOptimized,
    Monitoring: source.InstanceMonitoring && { Enabled: source.InstanceMonitoring.Enabled },
    IamInstanceProfile: profileOf(source.IamInstanceProfile),
    BlockDeviceMappings: source.BlockDeviceMappings?.map(toMapping),
    Placement: source.PlacementTenancy
      ? { Tenancy: source.PlacementTenancy as 'default' | 'dedicated' | 'host' }
      : undefined,
    MetadataOptions: source.MetadataOptions,
    InstanceMarketOptions: source.SpotPrice
      ? { MarketType: 'spot', SpotOptions: { MaxPrice: source.SpotPrice } }
      : undefined,
    ...networkOf(source),
  });
}

/** What no launch template can hold: EC2-Classic ended in 2022. */
export function lostFromLaunchConfiguration(source: LaunchConfiguration): readonly string[] {
  return [
    ...(source.ClassicLinkVPCId ? ['ClassicLinkVPCId'] : []),
    ...(source.ClassicLinkVPCSecurityGroups?.length ? ['ClassicLinkVPCSecurityGroups'] : []),
  ];
}

/** A public address is a setting of the network interface in a launch template, and security groups go along with it. */
function networkOf(source: LaunchConfiguration): RequestLaunchTemplateData {
  const groups = source.SecurityGroups ?? [];
  const areIds = groups.every((group) => group.startsWith('sg-'));
  if (source.AssociatePublicIpAddress === undefined) {
    return areIds ? { SecurityGroupIds: groups } : { SecurityGroups: groups };
  }
  const primary: Interface = {
    DeviceIndex: 0,
    AssociatePublicIpAddress: source.AssociatePublicIpAddress,
    Groups: groups,
  };
  return { NetworkInterfaces: [primary] };
}

function profileOf(nameOrArn: string | undefined) {
  if (!nameOrArn) return undefined;
  return nameOrArn.startsWith('arn:') ? { Arn: nameOrArn } : { Name: nameOrArn };
}

function toMapping({ DeviceName, VirtualName, Ebs, NoDevice }: BlockDeviceMapping) {
  return withoutEmpty(
    {
      DeviceName,
      VirtualName,
      // In a launch template the mere presence of NoDevice counts.
      NoDevice: NoDevice === true ? '' : undefined,
      Ebs: Ebs && { ...Ebs, VolumeType: Ebs.VolumeType as 'gp3' | undefined },
    },
    ['NoDevice'],
  );
}

/** AWS gives empty strings and lists for what is not set, and refuses them in a launch template. */
function withoutEmpty<T extends object>(data: T, keep: readonly string[] = []): T {
  const entries = Object.entries(data).filter(
    ([key, value]) =>
      value !== undefined &&
      (keep.includes(key) || (value !== '' && !(Array.isArray(value) && value.length === 0))),
  );
  return Object.fromEntries(entries) as T;
}
