import type { ForwardAction, ListenerRule } from '@gennaker/domain';

const elb = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
export const listenerArn = `${elb}:listener/app/web-prod/50dc6c495c0c9188/f2f7dc8efc522ab2`;
export const ruleArn = `${elb}:listener-rule/app/web-prod/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`;
export const blue = `${elb}:targetgroup/web-blue/1111111111111111`;
export const green = `${elb}:targetgroup/web-green/2222222222222222`;

/** A forward to the two colours. */
export function forward(changes: Partial<ForwardAction> = {}): ForwardAction {
  return {
    kind: 'forward',
    order: null,
    targetGroups: [
      { targetGroupArn: blue, weight: 100 },
      { targetGroupArn: green, weight: 0 },
    ],
    stickiness: { enabled: false, durationSeconds: null },
    ...changes,
  };
}

/** A rule for /api that forwards to the two colours. */
export function rule(changes: Partial<ListenerRule> = {}): ListenerRule {
  return {
    arn: ruleArn,
    listenerArn,
    priority: '10',
    conditions: [{ Field: 'path-pattern', Values: ['/api/*', '/v2/*'] }],
    transforms: [],
    actions: [forward()],
    unknownFields: [],
    ...changes,
  };
}
