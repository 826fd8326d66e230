import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { LaunchOverrides, LaunchSummary } from './launch-data.js';

/** What a person or a plan may see of launch data. */
export function summaryOf(data: RequestLaunchTemplateData): LaunchSummary {
  const profile = data.IamInstanceProfile;
  return {
    imageId: data.ImageId ?? null,
    instanceType: data.InstanceType ?? null,
    keyName: data.KeyName ?? null,
    iamInstanceProfile: profile?.Arn ?? profile?.Name ?? null,
    securityGroupIds: data.NetworkInterfaces?.[0]?.Groups ?? data.SecurityGroupIds ?? [],
    purchase: purchaseOf(data),
  };
}

function purchaseOf(data: RequestLaunchTemplateData): LaunchSummary['purchase'] {
  if (data.Placement?.Tenancy === 'host') return 'dedicatedHost';
  return data.InstanceMarketOptions?.MarketType === 'spot' ? 'spot' : 'onDemand';
}

/** The data with the overrides in place of what it had; everything else stays as it is. Pure. */
export function overrideLaunchData(
  data: RequestLaunchTemplateData,
  overrides: LaunchOverrides,
): RequestLaunchTemplateData {
  const { imageId, instanceType, keyName, iamInstanceProfile, securityGroupIds } = overrides;
  return {
    ...(instanceType ? withoutRequirements(data) : data),
    ...(imageId && { ImageId: imageId }),
    ...(instanceType && { InstanceType: instanceType as NonNullable<typeof data.InstanceType> }),
    ...(keyName && { KeyName: keyName }),
    ...(iamInstanceProfile && { IamInstanceProfile: profileOf(iamInstanceProfile) }),
    ...(securityGroupIds && securityGroupsOf(data, securityGroupIds)),
  };
}

/** EC2 refuses an instance type next to attribute-based requirements. */
function withoutRequirements(data: RequestLaunchTemplateData): RequestLaunchTemplateData {
  const { InstanceRequirements: _replaced, ...rest } = data;
  return rest;
}

function profileOf(nameOrArn: string) {
  return nameOrArn.startsWith('arn:') ? { Arn: nameOrArn } : { Name: nameOrArn };
}

/** EC2 refuses security groups of the template where it has network interfaces: they belong to the primary one then. */
function securityGroupsOf(
  data: RequestLaunchTemplateData,
  ids: readonly string[],
): RequestLaunchTemplateData {
  const interfaces = data.NetworkInterfaces ?? [];
  if (interfaces.length === 0) return { SecurityGroupIds: [...ids], SecurityGroups: undefined };
  return {
    NetworkInterfaces: interfaces.map((one) =>
      (one.DeviceIndex ?? 0) === 0 ? { ...one, Groups: [...ids] } : one,
    ),
  };
}
