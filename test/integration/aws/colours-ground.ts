import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupWeight } from '@gennaker/domain';
import type { AwsBench } from './aws-bench.js';

/** A second target group beside the ground's, the ground's listener, and a rule of it for /api. */
export interface ColoursGround {
  readonly blue: string;
  readonly green: string;
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  readonly ruleArn: string;
}

/** Makes them; the rule forwards to blue with weight 100 and to green with weight 0. */
export async function layColours({
  bare: { elb },
  ground,
}: Pick<AwsBench, 'bare' | 'ground'>): Promise<ColoursGround> {
  const blue = ground.targetGroupArn;
  const { TargetGroups } = await elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [blue] }),
  );
  const loadBalancerArn = TargetGroups?.[0]?.LoadBalancerArns?.[0] ?? '';
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }),
  );
  const listenerArn = Listeners?.[0]?.ListenerArn ?? '';
  const made = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'web-green',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: ground.vpcId,
    }),
  );
  const green = made.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const rule = await elb.send(
    new CreateRuleCommand({
      ListenerArn: listenerArn,
      Priority: 10,
      Conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: blue, Weight: 100 },
              { TargetGroupArn: green, Weight: 0 },
            ],
          },
        },
      ],
    }),
  );
  return { blue, green, loadBalancerArn, listenerArn, ruleArn: rule.Rules?.[0]?.RuleArn ?? '' };
}

/** Weights of the two colours. */
export function weightsOf(
  { blue, green }: ColoursGround,
  percentGreen: number,
): readonly TargetGroupWeight[] {
  return [
    { targetGroupArn: blue, weight: 100 - percentGreen },
    { targetGroupArn: green, weight: percentGreen },
  ];
}
