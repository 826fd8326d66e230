import type {
  Action,
  CreateListenerInput,
  CreateListenerOutput,
  DeleteListenerInput,
  DescribeListenersInput,
  DescribeListenersOutput,
  Listener,
  ModifyListenerInput,
  ModifyListenerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { setElbTags } from './elb-tags.js';
import type { ListenerRecord } from './records.js';
import { refreshUse } from './target-health.js';

const WEIGHT_MAX = 999;
const FORWARD_TARGET_GROUPS_MAX = 5;

/** Listeners and their actions: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html */
export const listenerHandlers: Handlers = {
  CreateListener: ({ scope }: Call, input: CreateListenerInput): CreateListenerOutput => {
    const loadBalancer = scope.tables.loadBalancers.find(input.LoadBalancerArn ?? '');
    if (loadBalancer === undefined)
      throw new AwsError(
        'LoadBalancerNotFound',
        `Load balancer '${input.LoadBalancerArn}' not found`,
      );
    if (input.Port === undefined || input.Protocol === undefined)
      throw validationError('A listener needs a port and a protocol');
    const actions = checkedActions(scope, input.DefaultActions);
    const same = scope.tables.listeners
      .where('loadBalancer', loadBalancer.arn)
      .find(({ port }) => port === input.Port);
    if (same !== undefined) {
      const isEqual =
        same.protocol === input.Protocol &&
        JSON.stringify(same.actions) === JSON.stringify(actions);
      if (!isEqual)
        throw new AwsError(
          'DuplicateListener',
          'A listener already exists on this port for this load balancer',
        );
      return { Listeners: [listenerView(same)] };
    }
    const arn = `${loadBalancer.arn.replace(':loadbalancer/', ':listener/')}/${scope.world.nextHex(16)}`;
    const listener = {
      arn,
      loadBalancerArn: loadBalancer.arn,
      port: input.Port,
      protocol: input.Protocol,
      actions,
    };
    scope.tables.listeners.put(arn, listener);
    setElbTags(scope, arn, input.Tags);
    for (const group of targetGroupsOf(actions)) refreshUse(scope, group);
    return { Listeners: [listenerView(listener)] };
  },
  ModifyListener: ({ scope }: Call, input: ModifyListenerInput): ModifyListenerOutput => {
    const before = getListener(scope, input.ListenerArn);
    const actions =
      input.DefaultActions === undefined
        ? before.actions
        : checkedActions(scope, input.DefaultActions);
    const after = {
      ...before,
      actions,
      port: input.Port ?? before.port,
      protocol: input.Protocol ?? before.protocol,
    };
    scope.tables.listeners.put(after.arn, after);
    for (const group of new Set([...targetGroupsOf(before.actions), ...targetGroupsOf(actions)]))
      refreshUse(scope, group);
    return { Listeners: [listenerView(after)] };
  },
  DeleteListener: ({ scope }: Call, input: DeleteListenerInput) => {
    deleteListener(scope, getListener(scope, input.ListenerArn));
    return {};
  },
  DescribeListeners: (
    { scope, reading }: Call,
    input: DescribeListenersInput,
  ): DescribeListenersOutput => {
    if (
      input.LoadBalancerArn !== undefined &&
      scope.tables.loadBalancers.find(input.LoadBalancerArn) === undefined
    ) {
      throw new AwsError(
        'LoadBalancerNotFound',
        `Load balancer '${input.LoadBalancerArn}' not found`,
      );
    }
    const rows =
      input.ListenerArns?.map((arn) => getListener(scope, arn)) ??
      scope.tables.listeners.where('loadBalancer', input.LoadBalancerArn ?? '');
    const page = reading.page({
      rows,
      key: (row) => row.arn,
      token: input.Marker,
      limit: input.PageSize,
      max: 400,
    });
    return { Listeners: page.items.map(listenerView), NextMarker: page.nextToken };
  },
};

/** The target groups that actions forward to. */
export function targetGroupsOf(actions: readonly Action[]): readonly string[] {
  return actions.flatMap((action) => [
    ...(action.TargetGroupArn === undefined ? [] : [action.TargetGroupArn]),
    ...(action.ForwardConfig?.TargetGroups ?? []).flatMap(({ TargetGroupArn: arn }) =>
      arn === undefined ? [] : [arn],
    ),
  ]);
}

function checkedActions(scope: Scope, actions: readonly Action[] | undefined): readonly Action[] {
  for (const action of actions ?? []) {
    const tuples = action.ForwardConfig?.TargetGroups ?? [];
    if (tuples.length > FORWARD_TARGET_GROUPS_MAX) {
      throw new AwsError(
        'TooManyTargetGroups',
        `A forward action may have at most ${FORWARD_TARGET_GROUPS_MAX} target groups`,
      );
    }
    for (const { Weight: weight = 1 } of tuples) {
      if (!Number.isInteger(weight) || weight < 0 || weight > WEIGHT_MAX) {
        throw validationError(
          `Target group weight '${weight}' must be between 0 and ${WEIGHT_MAX}`,
        );
      }
    }
    for (const arn of targetGroupsOf([action])) {
      if (scope.tables.targetGroups.find(arn) === undefined)
        throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
    }
  }
  return actions ?? [];
}

function getListener(scope: Scope, arn: string | undefined): ListenerRecord {
  const listener = scope.tables.listeners.find(arn ?? '');
  if (listener === undefined) throw new AwsError('ListenerNotFound', `Listener '${arn}' not found`);
  return listener;
}

/** Deletes a listener; target groups that nothing else uses fall out of use. */
export function deleteListener(scope: Scope, listener: ListenerRecord): void {
  scope.tables.listeners.delete(listener.arn);
  scope.tables.elbTags.delete(listener.arn);
  for (const group of targetGroupsOf(listener.actions)) refreshUse(scope, group);
}

/** A forward to one target group is shown both ways, as AWS does. */
function listenerView(listener: ListenerRecord): Listener {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol as NonNullable<Listener['Protocol']>,
    DefaultActions: listener.actions.map((action) => {
      if (action.Type !== 'forward') return action;
      const tuples = action.ForwardConfig?.TargetGroups ?? [
        { TargetGroupArn: action.TargetGroupArn, Weight: 1 },
      ];
      const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false };
      return {
        ...action,
        ...(tuples.length === 1 ? { TargetGroupArn: tuples[0]?.TargetGroupArn } : {}),
        ForwardConfig: {
          TargetGroups: tuples.map((tuple) => ({ ...tuple, Weight: tuple.Weight ?? 1 })),
          TargetGroupStickinessConfig: stickiness,
        },
      };
    }),
  };
}
