import type { Scope } from '../world/scope.js';

/** A listener that sends a target group traffic by its default action, and with which weight. */
export interface Forward {
  readonly loadBalancer: string;
  readonly port: number;
  readonly weight: number;
}

/** The listeners of an account and region that send a target group traffic; a forward to it alone has weight 1. */
export function forwardsTo(scope: Scope, targetGroupArn: string): readonly Forward[] {
  return scope.tables.listeners.all().flatMap(({ loadBalancerArn, port, actions }) =>
    actions.flatMap((action) => {
      const tuples = action.ForwardConfig?.TargetGroups ?? [action];
      return tuples
        .filter(({ TargetGroupArn: arn }) => arn === targetGroupArn)
        .map((tuple) => ({
          loadBalancer: scope.tables.loadBalancers.find(loadBalancerArn)?.name ?? '',
          port,
          weight: 'Weight' in tuple ? (tuple.Weight ?? 1) : 1,
        }));
    }),
  );
}
