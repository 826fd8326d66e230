import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
  type LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerRule, RuleRef, TargetGroupWeight, WeightGuard } from '@gennaker/domain';
import { account, operation, region, type AwsWorld } from './aws-world.js';

export const blueGroup = 'web-prod-v000';
export const greenGroup = 'web-prod-v001';

/**
 * The seed's account with a second colour: its target group is blue, a new one is green, and the listener's default action
 * and a rule for /api forward to both. The group of the seed serves behind blue, another one stands behind green.
 */
export class Colours {
  readonly blue: string;
  readonly green: string;
  readonly listener: RuleRef;
  readonly rule: RuleRef;
  readonly #world: AwsWorld;
  readonly #elb: ElasticLoadBalancingV2Client;
  readonly #autoScaling: AutoScalingClient;

  private constructor(
    world: AwsWorld,
    clients: {
      readonly elb: ElasticLoadBalancingV2Client;
      readonly autoScaling: AutoScalingClient;
    },
    made: { readonly green: string; readonly ruleArn: string },
  ) {
    this.#world = world;
    this.#elb = clients.elb;
    this.#autoScaling = clients.autoScaling;
    this.blue = world.seeded.targetGroupArn;
    this.green = made.green;
    this.listener = { account, region, arn: world.seeded.listenerArn };
    this.rule = { account, region, arn: made.ruleArn };
  }

  /** `greenImageId`: what green's instances run; absent: what blue's do. */
  static async lay(
    world: AwsWorld,
    options: { readonly greenImageId?: string } = {},
  ): Promise<Colours> {
    const credentials = { accessKeyId: world.seeded.accountId, secretAccessKey: 'stand-in' };
    const settings = { endpoint: world.control.url, region, credentials };
    const elb = new ElasticLoadBalancingV2Client(settings);
    const green = await makeTargetGroup(elb, world.seeded.vpcId);
    const actions = [forwardTo(at({ blue: world.seeded.targetGroupArn, green }, 0))];
    const ListenerArn = world.seeded.listenerArn;
    await elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions: actions }));
    const { Rules } = await elb.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: 10,
        Conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
        Actions: actions,
      }),
    );
    const clients = { elb, autoScaling: new AutoScalingClient(settings) };
    const made = new Colours(world, clients, { green, ruleArn: Rules?.[0]?.RuleArn ?? '' });
    await made.#makeGreenGroup(options.greenImageId);
    await world.settle();
    return made;
  }

  /** The weights with so much of the requests for green. */
  at(percentGreen: number): readonly TargetGroupWeight[] {
    return at(this, percentGreen);
  }

  /** Green may get requests once so many of its group are healthy. */
  guard(changes: Partial<WeightGuard> = {}): WeightGuard {
    return {
      targetGroupArn: this.green,
      serverGroup: greenGroup,
      instancesHealthyMin: 3,
      ...changes,
    };
  }

  capture(rule: RuleRef): Promise<ListenerRule> {
    return this.#world.run('captureRule', { context: operation('capture', rule.arn), rule });
  }

  /** As a deploy's steps would: from one share of green to another. */
  async move(
    rule: RuleRef,
    captured: ListenerRule,
    { from, to }: { readonly from: number; readonly to: number },
  ): Promise<readonly TargetGroupWeight[]> {
    const { weights } = await this.#world.runWithRetries('setRuleWeights', {
      context: operation(`to ${to}`, rule.arn),
      rule,
      change: { captured, weights: this.at(to), expected: [this.at(from)] },
      guards: [this.guard()],
    });
    return weights;
  }

  async resizeGreen(size: number): Promise<void> {
    await this.#autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: greenGroup,
        MinSize: size,
        MaxSize: size,
        DesiredCapacity: size,
      }),
    );
  }

  greenIsHealthy(): Promise<unknown> {
    return this.#world.run('awaitServerGroupHealthy', {
      context: operation('healthy', greenGroup, { priority: 'wait' }),
      subject: { account, region, serverGroup: greenGroup },
      instancesHealthyMin: 3,
      arn: null,
    });
  }

  /** What another person does to the rule. */
  async edit(actions: readonly Action[]): Promise<void> {
    await this.#elb.send(new ModifyRuleCommand({ RuleArn: this.rule.arn, Actions: [...actions] }));
    await this.#world.settle();
  }

  async editCondition(path: string): Promise<void> {
    const Conditions = [{ Field: 'path-pattern', Values: [path] }];
    await this.#elb.send(new ModifyRuleCommand({ RuleArn: this.rule.arn, Conditions }));
    await this.#world.settle();
  }

  async deleteRule(): Promise<void> {
    await this.#elb.send(new DeleteRuleCommand({ RuleArn: this.rule.arn }));
  }

  close(): void {
    this.#elb.destroy();
    this.#autoScaling.destroy();
  }

  async #makeGreenGroup(imageId: string | undefined): Promise<void> {
    const { AutoScalingGroups } = await this.#autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [blueGroup] }),
    );
    const source = AutoScalingGroups?.[0];
    const template = source?.LaunchTemplate;
    const version =
      imageId === undefined ? template?.Version : await this.#versionWith(template, imageId);
    await this.#autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: greenGroup,
        MinSize: 3,
        MaxSize: 3,
        DesiredCapacity: 3,
        LaunchTemplate: {
          LaunchTemplateId: template?.LaunchTemplateId,
          Version: version,
        },
        VPCZoneIdentifier: source?.VPCZoneIdentifier,
        TargetGroupARNs: [this.green],
      }),
    );
  }

  async #versionWith(
    template: LaunchTemplateSpecification | undefined,
    imageId: string,
  ): Promise<string> {
    const { url } = this.#world.control;
    const credentials = { accessKeyId: this.#world.seeded.accountId, secretAccessKey: 'stand-in' };
    const ec2 = new EC2Client({ endpoint: url, region, credentials });
    const { LaunchTemplateVersion: made } = await ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: template?.LaunchTemplateId,
        SourceVersion: template?.Version,
        LaunchTemplateData: { ImageId: imageId },
      }),
    );
    ec2.destroy();
    return String(made?.VersionNumber);
  }
}

/** A forward action as a person would write it. */
export function forwardTo(weights: readonly TargetGroupWeight[]): Action {
  return {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: weights.map(({ targetGroupArn, weight }) => ({
        TargetGroupArn: targetGroupArn,
        Weight: weight,
      })),
    },
  };
}

function at(
  { blue, green }: { readonly blue: string; readonly green: string },
  percentGreen: number,
): readonly TargetGroupWeight[] {
  return [
    { targetGroupArn: blue, weight: 100 - percentGreen },
    { targetGroupArn: green, weight: percentGreen },
  ];
}

async function makeTargetGroup(elb: ElasticLoadBalancingV2Client, vpcId: string): Promise<string> {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'web-prod-green',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
    }),
  );
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }];
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  return TargetGroupArn;
}
