import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyTargetGroupAttributesCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2';

import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';

import type { Gennaker } from './gennaker.js';

/** The seed's listener with a second colour, as a person would have laid it: blue has the weight. */
export class BlueGreenWorld {
  readonly blue: string;
  readonly green: string;
  readonly listenerArn: string;
  readonly #elb: ElasticLoadBalancingV2Client;
  readonly #route53: Route53Client;

  private constructor(
    elb: ElasticLoadBalancingV2Client,
    route53: Route53Client,
    arns: { readonly blue: string; readonly green: string; readonly listenerArn: string },
  ) {
    this.#elb = elb;
    this.#route53 = route53;
    this.blue = arns.blue;
    this.green = arns.green;
    this.listenerArn = arns.listenerArn;
  }

  static async lay({ aws, seeded }: Gennaker): Promise<BlueGreenWorld> {
    const { accountId, region, listenerArn, targetGroupArn: blue } = seeded;
    const credentials = { accessKeyId: accountId, secretAccessKey: 'stand-in' };
    const elb = new ElasticLoadBalancingV2Client({ endpoint: aws.url, region, credentials });
    const route53 = new Route53Client({ endpoint: aws.url, region: 'us-east-1', credentials });
    const green = await makeTargetGroup(elb, { vpcId: seeded.vpcId, name: 'web-prod-green' });
    const world = new BlueGreenWorld(elb, route53, { blue, green, listenerArn });
    await world.setWeights(100, 0);
    return world;
  }

  /** What somebody else does by hand to the default action. */
  async setWeights(ofBlue: number, ofGreen: number): Promise<void> {
    await this.#elb.send(
      new ModifyListenerCommand({
        ListenerArn: this.listenerArn,
        DefaultActions: [forwardTo({ [this.blue]: ofBlue, [this.green]: ofGreen })],
      }),
    );
  }

  /** Weights of the default action, blue's first. */
  async weights(): Promise<readonly (number | undefined)[]> {
    const { Listeners } = await this.#elb.send(
      new DescribeListenersCommand({ ListenerArns: [this.listenerArn] }),
    );
    const tuples = Listeners?.[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    return [this.blue, this.green].map(
      (arn) => tuples.find((tuple) => tuple.TargetGroupArn === arn)?.Weight,
    );
  }

  /** A rule for a path that forwards to the green target group, too; its ARN. */
  async addRule(path: string, priority: number): Promise<string> {
    const { Rules } = await this.#elb.send(
      new CreateRuleCommand({
        ListenerArn: this.listenerArn,
        Priority: priority,
        Conditions: [{ Field: 'path-pattern', Values: [path] }],
        Actions: [forwardTo({ [this.blue]: 1, [this.green]: 0 })],
      }),
    );
    return Rules?.[0]?.RuleArn ?? '';
  }

  async removeRule(ruleArn: string): Promise<void> {
    await this.#elb.send(new DeleteRuleCommand({ RuleArn: ruleArn }));
  }

  /**
   * An alias record of the load balancer, in a hosted zone of its own, that evaluates its health; returned is what changes
   * whether it does.
   */
  async addRecord(record: string): Promise<(evaluates: boolean) => Promise<void>> {
    const { LoadBalancers } = await this.#elb.send(new DescribeLoadBalancersCommand({}));
    const [balancer] = LoadBalancers ?? [];
    const zone = await this.#route53.send(
      new CreateHostedZoneCommand({
        Name: record.split('.').slice(1).join('.'),
        CallerReference: record,
      }),
    );
    const set = async (evaluates: boolean): Promise<void> => {
      const AliasTarget = {
        DNSName: `dualstack.${balancer?.DNSName}`,
        HostedZoneId: balancer?.CanonicalHostedZoneId,
        EvaluateTargetHealth: evaluates,
      };
      const ResourceRecordSet = { Name: record, Type: 'A' as const, AliasTarget };
      await this.#route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: zone.HostedZone?.Id,
          ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet }] },
        }),
      );
    };
    await set(true);
    return set;
  }

  /** Everything that a deploy must leave as it is. */
  async ruleShapes(): Promise<unknown> {
    const { Rules = [] } = await this.#elb.send(
      new DescribeRulesCommand({ ListenerArn: this.listenerArn }),
    );
    return Rules.map(({ Conditions, Priority, Actions = [] }) => ({
      Conditions,
      Priority,
      Actions: Actions.map(({ Type, Order, ForwardConfig }) => ({
        Type,
        Order,
        stickiness: ForwardConfig?.TargetGroupStickinessConfig,
      })),
    }));
  }

  /** One deploy stage by weights, after the image is found. */
  pipeline(vary: {
    readonly imageName: string;
    readonly strategy?: Readonly<Record<string, unknown>>;
    readonly timeoutSeconds?: number;
    readonly name?: string;
  }) {
    const { imageName, strategy = {}, timeoutSeconds = 600, name = 'blue-green' } = vary;
    const place = { account: 'demo', region: 'eu-west-1' };
    return {
      schemaVersion: 1,
      application: 'web',
      name,
      stages: [
        { refId: 'find', type: 'findImage', name: 'Find the image', ...place, imageName },
        {
          refId: 'deploy',
          type: 'deploy',
          name: 'Deploy web-prod by weights',
          requisiteStageRefIds: ['find'],
          ...place,
          stack: 'prod',
          image: { fromStage: 'find' },
          strategy: {
            type: 'blueGreen',
            targetGroupArns: [this.blue, this.green],
            ruleArns: [this.listenerArn],
            ...strategy,
          },
          timeoutSeconds,
        },
      ],
    };
  }

  close(): void {
    this.#route53.destroy();
    this.#elb.destroy();
  }
}

function forwardTo(weights: Readonly<Record<string, number>>): Action {
  return {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({
        TargetGroupArn,
        Weight,
      })),
    },
  };
}

async function makeTargetGroup(
  elb: ElasticLoadBalancingV2Client,
  { vpcId, name }: { readonly vpcId: string; readonly name: string },
): Promise<string> {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }];
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  return TargetGroupArn;
}
