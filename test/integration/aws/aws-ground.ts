import {
  CreateAutoScalingGroupCommand,
  type AutoScalingClient,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  RegisterImageCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ModifyTargetGroupAttributesCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';

/** Where everything is. */
export const region = 'eu-west-1';

/** The bare SDK, to prepare what the room under test then finds. */
export interface BareClients {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly elb: ElasticLoadBalancingV2Client;
}

/** What a server group needs. */
export interface Ground {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly imageId: string;
  readonly templateId: string;
  readonly targetGroupArn: string;
}

/** A network in three zones, an image, a launch template, and a target group behind a listener. */
export async function layGround(clients: BareClients): Promise<Ground> {
  const { ec2 } = clients;
  const vpc = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const vpcId = vpc.Vpc?.VpcId ?? '';
  const subnetIds: string[] = [];
  for (const [index, zone] of ['a', 'b', 'c'].entries()) {
    const CidrBlock = `10.0.${index}.0/24`;
    const query = { VpcId: vpcId, CidrBlock, AvailabilityZone: `${region}${zone}` };
    subnetIds.push((await ec2.send(new CreateSubnetCommand(query))).Subnet?.SubnetId ?? '');
  }
  const image = await ec2.send(new RegisterImageCommand({ Name: 'web-1.0.0' }));
  const imageId = image.ImageId ?? '';
  const template = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'ground',
      LaunchTemplateData: { ImageId: imageId, InstanceType: 't3.micro' },
    }),
  );
  const targetGroupArn = await layTraffic(clients.elb, vpcId, subnetIds);
  const templateId = template.LaunchTemplate?.LaunchTemplateId ?? '';
  return { vpcId, subnetIds, imageId, templateId, targetGroupArn };
}

/** Makes a group as others would, without any tag of ours. */
export async function makeGroup(
  { autoScaling }: BareClients,
  ground: Ground,
  group: { readonly name: string; readonly size: number; readonly settings: object },
): Promise<void> {
  const { size } = group;
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: group.name,
      MinSize: size,
      MaxSize: size,
      DesiredCapacity: size,
      VPCZoneIdentifier: ground.subnetIds.join(','),
      LaunchTemplate: { LaunchTemplateId: ground.templateId, Version: '1' },
      TargetGroupARNs: [ground.targetGroupArn],
      ...group.settings,
    }),
  );
}

async function layTraffic(
  elb: ElasticLoadBalancingV2Client,
  vpcId: string,
  subnetIds: string[],
): Promise<string> {
  const balancer = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'web', Subnets: subnetIds }),
  );
  const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const group = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'web',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
    }),
  );
  const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const delay = { Key: 'deregistration_delay.timeout_seconds', Value: '20' };
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );
  return TargetGroupArn;
}
