import type {
  Action,
  AuthenticateOidcActionConfig,
  ForwardActionConfig,
  TargetGroupTuple,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, validationError } from '../wire/aws-error.js';
import type { Scope } from '../world/scope.js';
import { QUOTAS } from './quotas.js';
import type { LoadBalancerRecord } from './records.js';
import { loadBalancersOf } from './target-health.js';

const WEIGHT_MAX = 999;
const STICKY_SECONDS_MAX = 604_800;
const ORDER_MAX = 50_000;
const ROUTING = ['forward', 'redirect', 'fixed-response'];
const AUTHENTICATING = ['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'];
const CONTENT_TYPES = [
  'text/plain',
  'text/css',
  'text/html',
  'application/javascript',
  'application/json',
];

/** What an action is checked against: who it is for, and what it replaces. */
export interface ActionPlace {
  readonly loadBalancer: LoadBalancerRecord;
  readonly protocol: string;
  /** The actions before a change: a client secret may be taken over from them. */
  readonly before?: readonly Action[];
}

/**
 * The actions when all of them are well formed and their target groups there, in their order.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
 */
export function checkedActions(
  scope: Scope,
  actions: readonly Action[] | undefined,
  place: ActionPlace,
): readonly Action[] {
  const ordered = inOrder(actions ?? []);
  for (const action of ordered) checkAction(scope, action, place);
  checkAssociations(scope, ordered, place.loadBalancer);
  return ordered.map((action) => withSecret(action, place.before ?? []));
}

/** The target groups that actions forward to. */
export function targetGroupsOf(actions: readonly Action[]): readonly string[] {
  return [
    ...new Set(
      actions.flatMap((action) => tuplesOf(action).map(({ TargetGroupArn: arn = '' }) => arn)),
    ),
  ];
}

/** Where a forward action sends requests, with weights. */
export function tuplesOf(action: Action): readonly TargetGroupTuple[] {
  const tuples = action.ForwardConfig?.TargetGroups ?? [];
  if (tuples.length > 0) return tuples;
  return action.TargetGroupArn === undefined ? [] : [{ TargetGroupArn: action.TargetGroupArn }];
}

/** An action as it is shown: a forward to one target group both ways, and never a client secret. */
export function actionView(action: Action): Action {
  if (action.AuthenticateOidcConfig !== undefined) {
    const {
      ClientSecret: _secret,
      UseExistingClientSecret: _use,
      ...shown
    } = action.AuthenticateOidcConfig;
    return { ...action, AuthenticateOidcConfig: { ...OIDC_DEFAULTS, ...shown } };
  }
  if (action.RedirectConfig !== undefined)
    return { ...action, RedirectConfig: { ...REDIRECT_DEFAULTS, ...action.RedirectConfig } };
  if (action.Type !== 'forward') return action;
  const tuples = tuplesOf(action);
  return {
    ...action,
    ...(tuples.length === 1 ? { TargetGroupArn: tuples[0]?.TargetGroupArn } : {}),
    ForwardConfig: {
      TargetGroups: tuples.map((tuple) => ({ ...tuple, Weight: tuple.Weight ?? 1 })),
      TargetGroupStickinessConfig: action.ForwardConfig?.TargetGroupStickinessConfig ?? {
        Enabled: false,
      },
    },
  };
}

const REDIRECT_DEFAULTS = {
  Protocol: '#{protocol}',
  Port: '#{port}',
  Host: '#{host}',
  Path: '/#{path}',
  Query: '#{query}',
};

const OIDC_DEFAULTS = {
  Scope: 'openid',
  SessionCookieName: 'AWSELBAuthSessionCookie',
  SessionTimeout: 604_800,
  OnUnauthenticatedRequest: 'authenticate',
} as const;

function inOrder(actions: readonly Action[]): readonly Action[] {
  for (const { Order: order = 1 } of actions) {
    if (!Number.isInteger(order) || order < 1 || order > ORDER_MAX)
      throw validationError(`Action order '${order}' must be between '1' and '${ORDER_MAX}'`);
  }
  const ordered = actions.toSorted((a, b) => (a.Order ?? 1) - (b.Order ?? 1));
  const orders = actions.map(({ Order: order }) => order);
  if (actions.length > 1 && (orders.includes(undefined) || new Set(orders).size < orders.length))
    throw invalidAction('Actions must each have an order of their own');
  const routing = ordered.filter(({ Type: type }) => ROUTING.includes(type ?? ''));
  if (routing.length !== 1 || routing[0] !== ordered.at(-1))
    throw invalidAction(
      'A rule must have exactly one of the actions forward, redirect and fixed-response, and it must be the last to be performed',
    );
  return ordered;
}

function checkAction(scope: Scope, action: Action, place: ActionPlace): void {
  const type = action.Type ?? '';
  if (![...ROUTING, ...AUTHENTICATING].includes(type))
    throw validationError(
      `Action type '${type}' must be one of '${[...AUTHENTICATING, ...ROUTING].join(', ')}'`,
    );
  if (type === 'forward') checkForward(scope, action);
  if (type === 'fixed-response') checkFixedResponse(action);
  if (type === 'redirect') checkRedirect(action);
  if (type === 'authenticate-oidc') checkOidc(action.AuthenticateOidcConfig, place);
  if (AUTHENTICATING.includes(type) && place.protocol !== 'HTTPS')
    throw invalidAction(`Actions of type '${type}' are supported only on HTTPS listeners`);
}

function checkForward(scope: Scope, action: Action): void {
  const tuples = tuplesOf(action);
  if (tuples.length === 0) throw validationError('A target group ARN must be specified');
  const [first] = tuples;
  if (action.TargetGroupArn !== undefined && action.TargetGroupArn !== first?.TargetGroupArn)
    throw validationError(
      'You cannot specify both a target group and a list of other target groups',
    );
  if (tuples.length > QUOTAS.targetGroupsPerAction)
    throw new AwsError(
      'TooManyTargetGroups',
      `A forward action may have at most ${QUOTAS.targetGroupsPerAction} target groups`,
    );
  const arns = tuples.map(({ TargetGroupArn: arn = '' }) => arn);
  if (new Set(arns).size < arns.length)
    throw validationError('A target group may be specified only once in an action');
  for (const { Weight: weight = 1 } of tuples) {
    if (!Number.isInteger(weight) || weight < 0 || weight > WEIGHT_MAX)
      throw validationError(
        `Target group weight '${weight}' must be between '0' and '${WEIGHT_MAX}'`,
      );
  }
  const absent = arns.filter((arn) => scope.tables.targetGroups.find(arn) === undefined);
  if (absent.length > 0)
    throw new AwsError('TargetGroupNotFound', `Target groups '${absent.join(', ')}' not found`);
  checkStickiness(action.ForwardConfig);
}

function checkStickiness(config: ForwardActionConfig | undefined): void {
  const stickiness = config?.TargetGroupStickinessConfig;
  const seconds = stickiness?.DurationSeconds;
  if (stickiness?.Enabled === true && seconds === undefined)
    throw validationError(
      'Target group stickiness duration must be specified when stickiness is enabled',
    );
  if (seconds !== undefined && !(seconds >= 1 && seconds <= STICKY_SECONDS_MAX))
    throw validationError(
      `Target group stickiness duration '${seconds}' must be between '1' and '${STICKY_SECONDS_MAX}' seconds`,
    );
}

function checkFixedResponse({ FixedResponseConfig: config }: Action): void {
  if (!/^[245]\d\d$/.test(config?.StatusCode ?? ''))
    throw validationError(`Fixed response code '${config?.StatusCode}' must be 2XX, 4XX or 5XX`);
  if ((config?.MessageBody?.length ?? 0) > 1024)
    throw validationError('The message body of a fixed response can have at most 1024 characters');
  if (config?.ContentType !== undefined && !CONTENT_TYPES.includes(config.ContentType))
    throw validationError(
      `Content type '${config.ContentType}' must be one of '${CONTENT_TYPES.join(', ')}'`,
    );
}

function checkRedirect({ RedirectConfig: config }: Action): void {
  if (config?.StatusCode !== 'HTTP_301' && config?.StatusCode !== 'HTTP_302')
    throw validationError(
      `Redirect status code '${config?.StatusCode}' must be HTTP_301 or HTTP_302`,
    );
  const { Protocol, Port, Host, Path, Query } = { ...REDIRECT_DEFAULTS, ...config };
  const isSame =
    Protocol === REDIRECT_DEFAULTS.Protocol &&
    Port === REDIRECT_DEFAULTS.Port &&
    Host === REDIRECT_DEFAULTS.Host &&
    Path === REDIRECT_DEFAULTS.Path &&
    Query === REDIRECT_DEFAULTS.Query;
  if (isSame)
    throw invalidAction(
      'A redirect must change at least one of protocol, host, port and path, or it would form a loop',
    );
}

const OIDC_NEEDED = [
  'Issuer',
  'AuthorizationEndpoint',
  'TokenEndpoint',
  'UserInfoEndpoint',
  'ClientId',
] as const;

function checkOidc(config: AuthenticateOidcActionConfig | undefined, place: ActionPlace): void {
  const absent = OIDC_NEEDED.find((name) => !config?.[name]);
  if (absent !== undefined)
    throw validationError(`'${absent}' must be specified for authenticate-oidc`);
  const hasSecret = config?.ClientSecret !== undefined;
  if (hasSecret && config.UseExistingClientSecret === true)
    throw validationError(
      `A client secret cannot be specified together with UseExistingClientSecret`,
    );
  if (hasSecret) return;
  const isKept =
    config?.UseExistingClientSecret === true && secretIn(place.before ?? []) !== undefined;
  if (!isKept)
    throw validationError(
      'A client secret must be specified unless UseExistingClientSecret is set for an existing rule',
    );
}

/** "If you are modifying a rule, you can omit the client secret if you set UseExistingClientSecret to true." */
function withSecret(action: Action, before: readonly Action[]): Action {
  const config = action.AuthenticateOidcConfig;
  if (config?.UseExistingClientSecret !== true) return action;
  const { UseExistingClientSecret: _use, ...kept } = config;
  return { ...action, AuthenticateOidcConfig: { ...kept, ClientSecret: secretIn(before) } };
}

function secretIn(actions: readonly Action[]): string | undefined {
  return actions.map((action) => action.AuthenticateOidcConfig?.ClientSecret).find(Boolean);
}

/** A target group is of one load balancer, in its VPC, and a load balancer has not more than a hundred of them. */
function checkAssociations(
  scope: Scope,
  actions: readonly Action[],
  { arn, vpcId }: LoadBalancerRecord,
): void {
  for (const targetGroupArn of targetGroupsOf(actions)) {
    const elsewhere = loadBalancersOf(scope, targetGroupArn).some((other) => other !== arn);
    if (elsewhere)
      throw new AwsError(
        'TargetGroupAssociationLimit',
        `The following target groups cannot be associated with more than one load balancer: ${targetGroupArn}`,
      );
    const group = scope.tables.targetGroups.find(targetGroupArn);
    if (group?.vpcId !== undefined && group.vpcId !== vpcId)
      throw new AwsError(
        'InvalidConfigurationRequest',
        `The following target groups are in a different VPC than load balancer '${arn}': ${targetGroupArn}`,
      );
  }
}

function invalidAction(message: string): AwsError {
  return new AwsError('InvalidLoadBalancerAction', message);
}
