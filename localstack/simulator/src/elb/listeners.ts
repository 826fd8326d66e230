import type {
  Action,
  Certificate,
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
import { actionView, checkedActions, targetGroupsOf, type ActionPlace } from './actions.js';
import { setElbTags } from './elb-tags.js';
import { QUOTAS, requireRoom } from './quotas.js';
import type { ListenerRecord, LoadBalancerRecord } from './records.js';
import { refreshUse } from './target-health.js';

const DEFAULT_SSL_POLICY = 'ELBSecurityPolicy-2016-08';

/** Listeners and their actions: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html */
export const listenerHandlers: Handlers = {
  CreateListener: ({ scope }: Call, input: CreateListenerInput): CreateListenerOutput => {
    const loadBalancer = getLoadBalancer(scope, input.LoadBalancerArn);
    const { Port: port, Protocol: protocol, Certificates: certificates } = input;
    if (port === undefined || protocol === undefined)
      throw validationError('A listener needs a port and a protocol');
    checkEndpoint(port, protocol, certificates);
    const actions = checkedActions(scope, input.DefaultActions, { loadBalancer, protocol });
    const others = scope.tables.listeners.where('loadBalancer', loadBalancer.arn);
    const same = others.find((listener) => listener.port === port);
    if (same !== undefined) return { Listeners: [listenerView(repeatOf(same, protocol, actions))] };
    requireRoom('TooManyListeners', {
      there: others.length,
      added: 1,
      max: QUOTAS.listenersPerLoadBalancer,
    });
    const arn = `${loadBalancer.arn.replace(':loadbalancer/', ':listener/')}/${scope.world.nextHex(16)}`;
    const listener: ListenerRecord = {
      arn,
      loadBalancerArn: loadBalancer.arn,
      port,
      protocol,
      actions,
      ...(protocol === 'HTTPS'
        ? { certificates, sslPolicy: input.SslPolicy ?? DEFAULT_SSL_POLICY }
        : {}),
    };
    scope.tables.listeners.put(arn, listener);
    setElbTags(scope, arn, input.Tags);
    for (const group of targetGroupsOf(actions)) refreshUse(scope, group);
    return { Listeners: [listenerView(listener)] };
  },
  ModifyListener: ({ scope }: Call, input: ModifyListenerInput): ModifyListenerOutput => {
    const before = getListener(scope, input.ListenerArn);
    const port = input.Port ?? before.port;
    const protocol = input.Protocol ?? before.protocol;
    const certificates = input.Certificates ?? before.certificates;
    checkEndpoint(port, protocol, certificates);
    const taken = scope.tables.listeners
      .where('loadBalancer', before.loadBalancerArn)
      .some((listener) => listener.arn !== before.arn && listener.port === port);
    if (taken) throw duplicate();
    const actions =
      input.DefaultActions === undefined
        ? before.actions
        : checkedActions(scope, input.DefaultActions, { ...placeOf(scope, before), protocol });
    const { certificates: _certificates, sslPolicy: _policy, ...plain } = before;
    const after: ListenerRecord = {
      ...plain,
      actions,
      port,
      protocol,
      ...(protocol === 'HTTPS'
        ? {
            certificates,
            sslPolicy: input.SslPolicy ?? before.sslPolicy ?? DEFAULT_SSL_POLICY,
          }
        : {}),
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
    if ((input.LoadBalancerArn === undefined) === (input.ListenerArns === undefined))
      throw validationError('You must specify either listener ARNs or a load balancer ARN');
    if (input.LoadBalancerArn !== undefined) getLoadBalancer(scope, input.LoadBalancerArn);
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

/** The listener of that ARN, or ELB's refusal. */
export function getListener(scope: Scope, arn: string | undefined): ListenerRecord {
  const listener = scope.tables.listeners.find(arn ?? '');
  if (listener === undefined) throw new AwsError('ListenerNotFound', `Listener '${arn}' not found`);
  return listener;
}

/** "This operation is idempotent": a repeat with equal settings is answered with the listener that is there. */
function repeatOf(
  same: ListenerRecord,
  protocol: string,
  actions: readonly Action[],
): ListenerRecord {
  const isEqual =
    same.protocol === protocol && JSON.stringify(same.actions) === JSON.stringify(actions);
  if (!isEqual) throw duplicate();
  return same;
}

function duplicate(): AwsError {
  return new AwsError(
    'DuplicateListener',
    'A listener already exists on this port for this load balancer',
  );
}

/** Deletes a listener with its rules; target groups that nothing else uses fall out of use. */
export function deleteListener(scope: Scope, listener: ListenerRecord): void {
  const rules = scope.tables.rules.where('listener', listener.arn);
  for (const { arn } of rules) {
    scope.tables.rules.delete(arn);
    scope.tables.elbTags.delete(arn);
  }
  scope.tables.listeners.delete(listener.arn);
  scope.tables.elbTags.delete(listener.arn);
  const actions = [...listener.actions, ...rules.flatMap((rule) => rule.actions)];
  for (const group of targetGroupsOf(actions)) refreshUse(scope, group);
}

/** Where the actions of a listener, or of one of its rules, stand. */
export function placeOf(scope: Scope, listener: ListenerRecord): ActionPlace {
  return {
    loadBalancer: getLoadBalancer(scope, listener.loadBalancerArn),
    protocol: listener.protocol,
    before: listener.actions,
  };
}

function getLoadBalancer(scope: Scope, arn: string | undefined): LoadBalancerRecord {
  const found = scope.tables.loadBalancers.find(arn ?? '');
  if (found === undefined)
    throw new AwsError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
  return found;
}

function checkEndpoint(
  port: number,
  protocol: string,
  certificates: readonly Certificate[] | undefined,
): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw validationError(`Port '${port}' must be between '1' and '65535'`);
  if (protocol !== 'HTTP' && protocol !== 'HTTPS')
    throw new AwsError(
      'UnsupportedProtocol',
      `Protocol '${protocol}' is not supported: an application load balancer listens to HTTP and HTTPS`,
    );
  if (protocol === 'HTTPS' && (certificates ?? []).length !== 1)
    throw validationError('A certificate must be specified for HTTPS listeners');
}

function listenerView(listener: ListenerRecord): Listener {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol as NonNullable<Listener['Protocol']>,
    ...(listener.sslPolicy === undefined ? {} : { SslPolicy: listener.sslPolicy }),
    ...(listener.certificates === undefined ? {} : { Certificates: [...listener.certificates] }),
    DefaultActions: listener.actions.map(actionView),
  };
}
