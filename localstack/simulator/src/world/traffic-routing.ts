import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { tuplesOf } from '../elb/actions.js';
import { isMet } from '../elb/conditions.js';
import type { RequestShape } from '../elb/request-shape.js';
import type { ListenerRecord, TargetRecord } from '../elb/records.js';
import { rulesOf } from '../elb/rules.js';
import { appOf } from './image-fault.js';
import type { Scope } from './scope.js';
import { pinnedShares, type Pin } from './traffic-pins.js';
import type { Flow, MixEntry, Reception, TrafficStream } from './traffic-stream.js';

/** What a sound target takes in the median when the stream does not say; an assumption. */
const LATENCY_MS = 50;

const PLAIN: RequestShape = {
  host: 'example.com',
  path: '/',
  method: 'GET',
  headers: {},
  query: {},
  sourceIp: '203.0.113.10',
};

/** The rule that a kind of request meets, with what it does in the end. */
export interface Route {
  readonly key: string;
  readonly share: number;
  readonly action: Action;
}

/** The rules that a stream's requests meet: the first by priority whose conditions are met, or the default one. */
export function routesOf(scope: Scope, stream: TrafficStream): readonly Route[] {
  const { port, mix = [{ share: 1 }] } = stream.settings ?? {};
  const listener = scope.tables.listeners
    .where('loadBalancer', stream.loadBalancerArn)
    .find((row) => port === undefined || row.port === port);
  if (listener === undefined) return [];
  return mix.flatMap((entry) => routeOf(scope, listener, entry));
}

function routeOf(scope: Scope, listener: ListenerRecord, entry: MixEntry): readonly Route[] {
  const { share, ...given } = entry;
  const rule = rulesOf(scope, listener.arn).find(({ conditions }) =>
    isMet(conditions, { ...PLAIN, ...given }),
  );
  const action = (rule?.actions ?? listener.actions).at(-1);
  return action === undefined ? [] : [{ key: rule?.arn ?? listener.arn, share, action }];
}

/** How long target-group stickiness holds a client; 0: it is off. */
export function stickyMsOf(action: Action): number {
  const config = action.ForwardConfig?.TargetGroupStickinessConfig;
  return config?.Enabled === true ? (config.DurationSeconds ?? 0) * 1000 : 0;
}

/** The shares that the weights give; weights that are all 0 give nothing to anybody. */
export function weightShares(action: Action): Readonly<Record<string, number>> {
  const tuples = tuplesOf(action);
  const total = tuples.reduce((sum, { Weight: weight = 1 }) => sum + weight, 0);
  return Object.fromEntries(
    tuples.map(({ TargetGroupArn: arn = '', Weight: weight = 1 }): [string, number] => [
      arn,
      total === 0 ? 0 : weight / total,
    ]),
  );
}

/** What becomes of the stream's requests at an instant. */
export function receive(
  scope: Scope,
  stream: TrafficStream,
  moment: { readonly at: number; readonly pins: Readonly<Record<string, readonly Pin[]>> },
): Reception {
  const groups = new Map<string, number>();
  const alone = { unserved: 0, fixed: 0, redirected: 0 };
  const routes = routesOf(scope, stream);
  let routed = 0;
  for (const { key, share, action } of routes) {
    const perSecond = stream.requestsPerSecond * share;
    routed += share;
    if (action.Type === 'fixed-response') alone.fixed += perSecond;
    else if (action.Type === 'redirect') alone.redirected += perSecond;
    else {
      const shares = sharesOf(stream, action, { at: moment.at, pins: moment.pins[key] ?? [] });
      for (const [arn, part] of Object.entries(shares))
        groups.set(arn, (groups.get(arn) ?? 0) + perSecond * part);
      const served = Object.values(shares).reduce((sum, part) => sum + part, 0);
      alone.unserved += perSecond * Math.max(0, 1 - served);
    }
  }
  alone.unserved += stream.requestsPerSecond * Math.max(0, 1 - routed);
  const flows: Flow[] = [];
  for (const [arn, perSecond] of groups) {
    const flow = perSecond === 0 ? undefined : flowOf(scope, stream, { arn, perSecond });
    if (flow !== undefined) flows.push(flow);
    // An empty group answers 503; the load balancer does not turn to another group.
    else alone.unserved += perSecond;
  }
  const tiny = stream.requestsPerSecond * 1e-9;
  return { flows, ...alone, unserved: alone.unserved < tiny ? 0 : alone.unserved };
}

/** Cookies override weights, as long as their group is still among the action's. */
function sharesOf(
  stream: TrafficStream,
  action: Action,
  moment: { readonly at: number; readonly pins: readonly Pin[] },
): Readonly<Record<string, number>> {
  const byWeight = weightShares(action);
  const stickyMs = stickyMsOf(action);
  const returning = stickyMs === 0 ? 0 : (stream.settings?.returningShare ?? 0);
  if (returning === 0 || moment.pins.length === 0) return byWeight;
  const pinned = pinnedShares(moment.pins, moment.at, stickyMs);
  const kept = Object.keys(byWeight).reduce((sum, arn) => sum + (pinned[arn] ?? 0), 0);
  const loose = 1 - returning + returning * Math.max(0, 1 - kept);
  return Object.fromEntries(
    Object.entries(byWeight).map(([arn, share]): [string, number] => [
      arn,
      share * loose + returning * (pinned[arn] ?? 0),
    ]),
  );
}

/**
 * A group's requests go to its healthy targets in equal parts, and to all that are not draining when none is healthy:
 * it fails open. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
function flowOf(
  scope: Scope,
  stream: TrafficStream,
  group: { readonly arn: string; readonly perSecond: number },
): Flow | undefined {
  const targets = scope.tables.targets
    .where('targetGroup', group.arn)
    .filter(({ state }) => state !== 'draining' && state !== 'unused');
  const healthy = targets.filter(({ state }) => state === 'healthy');
  const serving = healthy.length > 0 ? healthy : targets;
  if (serving.length === 0) return undefined;
  const part = 1 / serving.length;
  const latencies = new Map<number, number>();
  let failedShare = 0;
  let refusedShare = 0;
  let stoppedShare = 0;
  for (const target of serving) {
    const { isRunning, listens, errorRate, latencyMs } = answering(scope, target);
    if (!isRunning) stoppedShare += part;
    if (!listens) refusedShare += part;
    else {
      failedShare += part * errorRate;
      const median = (stream.settings?.latencyMs ?? LATENCY_MS) + latencyMs;
      latencies.set(median, (latencies.get(median) ?? 0) + part);
    }
  }
  return {
    targetGroupArn: group.arn,
    perSecond: group.perSecond,
    failedShare,
    refusedShare,
    stoppedShare: healthy.length === 0 ? 0 : stoppedShare,
    healthyHosts: healthy.length,
    latencies: [...latencies],
  };
}

function answering(scope: Scope, { instanceId }: TargetRecord) {
  if (instanceId.startsWith('arn:'))
    return { isRunning: true, listens: true, errorRate: 0, latencyMs: 0 };
  const instance = scope.tables.instances.find(instanceId);
  if (instance?.state !== 'running')
    return { isRunning: false, listens: false, errorRate: 0, latencyMs: 0 };
  return { isRunning: true, ...appOf(scope, instance) };
}
