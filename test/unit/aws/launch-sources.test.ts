import { RequestLaunchTemplateData$, ResponseLaunchTemplateData$ } from '@aws-sdk/client-ec2';
import type { AwsRegion, CallOptions } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCannedAws, type CannedAws } from './canned-replies.js';
import { missingFields } from '../../support/aws/sdk-schemas.js';

const options: CallOptions = { priority: 'write' };
const owner = { executionId: 'e', stage: 's', operationKey: 'k' };

let canned: CannedAws;
let region: AwsRegion;
let replies: Record<string, string>;
let requests: readonly URLSearchParams[];

beforeEach(async () => {
  canned = await startCannedAws();
  ({ region, replies, requests } = canned);
});

afterEach(() => canned.close());

const created =
  '<CreateLaunchTemplateResponse><launchTemplate><launchTemplateId>lt-2</launchTemplateId>' +
  '<latestVersionNumber>1</latestVersionNumber></launchTemplate></CreateLaunchTemplateResponse>';

function versionReply(data: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<DescribeLaunchTemplateVersionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
    '<requestId>r</requestId><launchTemplateVersionSet><item><launchTemplateId>lt-1</launchTemplateId>' +
    '<launchTemplateName>web</launchTemplateName><versionNumber>7</versionNumber><newsOfTheDay>x</newsOfTheDay>' +
    `<launchTemplateData>${data}</launchTemplateData></item></launchTemplateVersionSet>` +
    '</DescribeLaunchTemplateVersionsResponse>'
  );
}

const query = { launchTemplateId: 'lt-1', version: '$Latest' };

test('names fields of a launch template that the SDK does not know and a clone would lose', async () => {
  replies['DescribeLaunchTemplateVersions'] = versionReply(
    '<imageId>ami-1</imageId><quantumOptions><mode>strange</mode></quantumOptions><emptySet/>' +
      '<futureFlag>true</futureFlag><networkInterfaceSet><item><deviceIndex>0</deviceIndex>' +
      '<groupSet><groupId>sg-1</groupId></groupSet><warpFactor>9</warpFactor></item></networkInterfaceSet>' +
      '<metadataOptions><state>applied</state><httpTokens>required</httpTokens></metadataOptions>',
  );
  const version = await region.describeLaunchTemplateVersion(query, options);
  expect(version.version).toBe('7');
  expect(version.summary).toMatchObject({ imageId: 'ami-1', securityGroupIds: ['sg-1'] });
  expect(version.unknownFields).toEqual([
    'futureFlag',
    'networkInterfaceSet.item.warpFactor',
    'quantumOptions',
  ]);
});

test('a template managed by a service cannot be cloned whole, and says so', async () => {
  replies['DescribeLaunchTemplateVersions'] = versionReply(
    '<imageId>ami-1</imageId><operator><managed>true</managed><principal>ecs</principal></operator>',
  );
  const version = await region.describeLaunchTemplateVersion(query, options);
  expect(version.unknownFields).toEqual(['operator']);
});

test('what AWS alone sets is not sent back to it', async () => {
  replies['DescribeLaunchTemplateVersions'] = versionReply(
    '<metadataOptions><state>pending</state><httpTokens>required</httpTokens></metadataOptions>' +
      '<instanceRequirements><vCpuCount><min>2</min></vCpuCount></instanceRequirements>',
  );
  replies['CreateLaunchTemplate'] = created;
  const { data } = await region.describeLaunchTemplateVersion(query, options);
  const overrides = {
    instanceType: 'm7i.large',
    iamInstanceProfile: 'arn:aws:iam::1:instance-profile/x',
  };
  const request = { launchTemplateName: 'web-v001', source: data, overrides, owner };
  expect(await region.createLaunchTemplate(request, options)).toEqual({
    outcome: 'created',
    launchTemplateId: 'lt-2',
    version: '1',
  });
  const sent = [...(requests.at(-1)?.keys() ?? [])].filter((key) =>
    key.includes('LaunchTemplateData'),
  );
  expect(sent).toEqual([
    'LaunchTemplateData.IamInstanceProfile.Arn',
    'LaunchTemplateData.InstanceType',
    'LaunchTemplateData.MetadataOptions.HttpTokens',
  ]);
});

test('a request can hold every field of a reply, but for those that are handled by name', () => {
  const onlyInReplies = missingFields(ResponseLaunchTemplateData$, RequestLaunchTemplateData$);
  expect(onlyInReplies).toEqual([
    'NetworkInterfaces[].Ipv6Addresses[].IsPrimaryIpv6',
    'MetadataOptions.State',
    'Operator.Managed',
    'Operator.HiddenByDefault',
  ]);
});

test('turns a launch configuration into launch data with the same effect', async () => {
  replies['DescribeLaunchConfigurations'] =
    '<DescribeLaunchConfigurationsResponse><DescribeLaunchConfigurationsResult><LaunchConfigurations><member>' +
    '<LaunchConfigurationName>web-v000-01</LaunchConfigurationName><ImageId>ami-1</ImageId>' +
    '<InstanceType>m5.large</InstanceType><KeyName>key</KeyName><KernelId></KernelId><RamdiskId></RamdiskId>' +
    '<UserData>IyEvYmluL3No</UserData><SpotPrice>0.1</SpotPrice><EbsOptimized>true</EbsOptimized>' +
    '<IamInstanceProfile>web-role</IamInstanceProfile><AssociatePublicIpAddress>false</AssociatePublicIpAddress>' +
    '<SecurityGroups><member>sg-1</member></SecurityGroups><ClassicLinkVPCSecurityGroups/>' +
    '<InstanceMonitoring><Enabled>true</Enabled></InstanceMonitoring><PlacementTenancy>dedicated</PlacementTenancy>' +
    '<BlockDeviceMappings><member><DeviceName>/dev/xvda</DeviceName><Ebs><VolumeSize>20</VolumeSize></Ebs></member>' +
    '<member><DeviceName>/dev/sdb</DeviceName><NoDevice>true</NoDevice></member></BlockDeviceMappings>' +
    '</member></LaunchConfigurations></DescribeLaunchConfigurationsResult></DescribeLaunchConfigurationsResponse>';
  replies['CreateLaunchTemplate'] = created;
  const source = await region.describeLaunchConfiguration('web-v000-01', options);
  expect(source.summary).toEqual({
    imageId: 'ami-1',
    instanceType: 'm5.large',
    keyName: 'key',
    iamInstanceProfile: 'web-role',
    securityGroupIds: ['sg-1'],
    purchase: 'spot',
  });
  expect(source.unknownFields).toEqual([]);
  const overrides = { imageId: 'ami-2' };
  await region.createLaunchTemplate(
    { launchTemplateName: 'web-v001', source: source.data, overrides, owner },
    options,
  );
  const sent = [...(requests.at(-1) ?? [])]
    .filter(([key]) => key.startsWith('LaunchTemplateData.'))
    .map(([key, value]) => [key.replace('LaunchTemplateData.', ''), value]);
  expect(Object.fromEntries(sent)).toEqual({
    ImageId: 'ami-2',
    InstanceType: 'm5.large',
    KeyName: 'key',
    UserData: 'IyEvYmluL3No',
    EbsOptimized: 'true',
    'IamInstanceProfile.Name': 'web-role',
    'Monitoring.Enabled': 'true',
    'Placement.Tenancy': 'dedicated',
    'InstanceMarketOptions.MarketType': 'spot',
    'InstanceMarketOptions.SpotOptions.MaxPrice': '0.1',
    'NetworkInterface.1.DeviceIndex': '0',
    'NetworkInterface.1.AssociatePublicIpAddress': 'false',
    'NetworkInterface.1.SecurityGroupId.1': 'sg-1',
    'BlockDeviceMapping.1.DeviceName': '/dev/xvda',
    'BlockDeviceMapping.1.Ebs.VolumeSize': '20',
    'BlockDeviceMapping.2.DeviceName': '/dev/sdb',
    'BlockDeviceMapping.2.NoDevice': '',
  });
});

test('a thing that is not there is not found, also where AWS answers with an empty list', async () => {
  replies['DescribeLaunchConfigurations'] =
    '<DescribeLaunchConfigurationsResponse><DescribeLaunchConfigurationsResult><LaunchConfigurations/>' +
    '</DescribeLaunchConfigurationsResult></DescribeLaunchConfigurationsResponse>';
  const missing = region.describeLaunchConfiguration('nobody', options);
  await expect(missing).rejects.toMatchObject({ code: 'AWS_NOT_FOUND' });
});

test('a page that names itself as the next one ends the listing', async () => {
  replies['DescribeAutoScalingGroups'] =
    '<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups/>' +
    '<NextToken>again</NextToken></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>';
  const endless = region.describeServerGroups(['web-v000'], options);
  await expect(endless).rejects.toMatchObject({
    code: 'AWS_UNAVAILABLE',
    details: { listing: 'Auto Scaling groups (web-v000)' },
  });
});

test('a 404 of something that is not AWS is not taken for a thing that is gone', async () => {
  const answered = region.deleteLaunchTemplate('lt-1', options);
  await expect(answered).rejects.toMatchObject({ code: 'AWS_UNAVAILABLE' });
});

test('a broken reply leaves the outcome unknown', async () => {
  replies['CreateLaunchTemplate'] = '<CreateLaunchTemplateResponse><launchTemp';
  const request = { launchTemplateName: 'web-v001', source: null, overrides: {}, owner };
  const broken = region.createLaunchTemplate(request, options);
  await expect(broken).rejects.toMatchObject({ code: 'AWS_UNAVAILABLE' });
});
