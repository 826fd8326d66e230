import {
  AttachLoadBalancerTargetGroupsCommand,
  AutoScalingClient,
  DeleteAutoScalingGroupCommand,
  DetachLoadBalancerTargetGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DeregisterImageCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { region, type AwsWorld } from './aws-world.js';

/** What people and other tools do to the account, past Gennaker. */
export class OtherHands {
  readonly #autoScaling: AutoScalingClient;
  readonly #ec2: EC2Client;
  readonly #elb: ElasticLoadBalancingV2Client;
  readonly #world: AwsWorld;

  constructor(world: AwsWorld) {
    const credentials = { accessKeyId: world.seeded.accountId, secretAccessKey: 'stand-in' };
    const settings = { endpoint: world.control.url, region, credentials };
    this.#autoScaling = new AutoScalingClient(settings);
    this.#ec2 = new EC2Client(settings);
    this.#elb = new ElasticLoadBalancingV2Client(settings);
    this.#world = world;
  }

  /** Attaches a target group to which no listener forwards; its ARN. */
  async attachUnusedTargetGroup(serverGroup: string): Promise<string> {
    const made = await this.#elb.send(
      new CreateTargetGroupCommand({
        Name: 'nobody-listens',
        Protocol: 'HTTP',
        Port: 80,
        VpcId: this.#world.seeded.vpcId,
        TargetType: 'instance',
      }),
    );
    const arn = made.TargetGroups?.[0]?.TargetGroupArn ?? '';
    await this.#autoScaling.send(
      new AttachLoadBalancerTargetGroupsCommand({
        AutoScalingGroupName: serverGroup,
        TargetGroupARNs: [arn],
      }),
    );
    return arn;
  }

  /** The group has a target group less; its instances leave it. */
  async detachTargetGroup(serverGroup: string, targetGroupArn: string): Promise<void> {
    await this.#autoScaling.send(
      new DetachLoadBalancerTargetGroupsCommand({
        AutoScalingGroupName: serverGroup,
        TargetGroupARNs: [targetGroupArn],
      }),
    );
  }

  async deleteServerGroup(serverGroup: string): Promise<void> {
    await this.#autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: serverGroup, ForceDelete: true }),
    );
  }

  /** A resize by hand; what is not given stays. */
  async resize(
    serverGroup: string,
    sizes: { readonly min?: number; readonly desired?: number; readonly max?: number },
  ): Promise<void> {
    await this.#autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: serverGroup,
        MinSize: sizes.min,
        DesiredCapacity: sizes.desired,
        MaxSize: sizes.max,
      }),
    );
  }

  /** Gives a server group what this release does not carry over: a protection that an undo could not get past. */
  async protect(serverGroup: string): Promise<void> {
    await this.#autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: serverGroup,
        DeletionProtection: 'prevent-all-deletion',
      }),
    );
  }

  async deregisterImage(imageId: string): Promise<void> {
    await this.#ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
  }

  close(): void {
    this.#autoScaling.destroy();
    this.#ec2.destroy();
    this.#elb.destroy();
  }
}
