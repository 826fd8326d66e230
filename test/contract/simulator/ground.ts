import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { StandIn } from './stand-in-clients.js';

export const REGION = 'eu-west-1';

/** What a fleet stands on: network, image, launch template, load balancer with a listener and a target group. */
export interface Ground {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly imageId: string;
  readonly templateName: string;
  readonly templateId: string;
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  readonly targetGroupArn: string;
}

export async function layGround(standIn: StandIn): Promise<Ground> {
  const { ec2 } = standIn;
  const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const vpcId = vpc?.VpcId ?? '';
  const subnetIds: string[] = [];
  for (const [index, letter] of ['a', 'b', 'c'].entries()) {
    const { Subnet: subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `10.0.${index}.0/24`,
        AvailabilityZone: `${REGION}${letter}`,
      }),
    );
    subnetIds.push(subnet?.SubnetId ?? '');
  }
  const { GroupId: securityGroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web', VpcId: vpcId }),
  );
  const { ImageId: imageId = '' } = await ec2.send(new RegisterImageCommand({ Name: 'web-1.0.0' }));
  const { LaunchTemplate: template } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web-v000',
      LaunchTemplateData: {
        ImageId: imageId,
        InstanceType: 't3.micro',
        SecurityGroupIds: [securityGroupId],
      },
    }),
  );
  return {
    vpcId,
    subnetIds,
    securityGroupId,
    imageId,
    templateName: 'web-v000',
    templateId: template?.LaunchTemplateId ?? '',
    ...(await layLoadBalancing(standIn, vpcId, subnetIds)),
  };
}

type LoadBalancing = Pick<Ground, 'loadBalancerArn' | 'listenerArn' | 'targetGroupArn'>;

async function layLoadBalancing(
  { elb }: StandIn,
  vpcId: string,
  subnetIds: string[],
): Promise<LoadBalancing> {
  const { LoadBalancers: loadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'web', Subnets: subnetIds }),
  );
  const loadBalancerArn = loadBalancers?.[0]?.LoadBalancerArn ?? '';
  const { TargetGroups: targetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'web',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const targetGroupArn = targetGroups?.[0]?.TargetGroupArn ?? '';
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: targetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }],
    }),
  );
  const { Listeners: listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  );
  return { loadBalancerArn, targetGroupArn, listenerArn: listeners?.[0]?.ListenerArn ?? '' };
}

/** The parameters of a group of that size on that ground, behind its target group. */
export function groupOf(ground: Ground, size: number, name = 'web-v000') {
  return {
    AutoScalingGroupName: name,
    MinSize: size,
    MaxSize: size,
    DesiredCapacity: size,
    VPCZoneIdentifier: ground.subnetIds.join(','),
    LaunchTemplate: { LaunchTemplateName: ground.templateName, Version: '1' },
    TargetGroupARNs: [ground.targetGroupArn],
  };
}
