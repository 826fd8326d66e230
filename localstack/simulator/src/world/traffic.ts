import { isShifting, withPin, type Pin } from './traffic-pins.js';
import { receive, routesOf, stickyMsOf, weightShares } from './traffic-routing.js';
import type {
  Flow,
  Reception,
  TargetGroupTraffic,
  TrafficSettings,
  TrafficStream,
} from './traffic-stream.js';
import type { Scope } from './scope.js';
import type { World } from './world.js';

const MINUTE_MS = 60_000;
/** Segments older than AWS keeps one-minute metrics are let go. */
const KEPT_MS = 15 * 86_400_000;

/**
 * Counts the requests of all streams up to an instant; between two changes the state is constant, so the count is
 * exact. Only while cookies shift from one target group to another it goes minute by minute, each by its middle.
 */
export function countTraffic(world: World, until: number): void {
  for (const stream of world.traffic.all()) {
    if (until > stream.countedUntil) countStream(world, stream, until);
  }
}

function countStream(world: World, stream: TrafficStream, until: number): void {
  const [account = '', region = ''] = stream.scope.split('/');
  const scope = world.scope(account, region);
  let counted = withPins(scope, stream);
  while (counted.countedUntil < until) {
    const from = counted.countedUntil;
    const shifting = isShiftingNow(scope, counted);
    const step = shifting ? Math.min(until, nextMinute(from)) : until;
    const moment = { at: shifting ? (from + step) / 2 : from, isFleeting: shifting };
    const reception = receptionOf(world, scope, { stream: counted, ...moment });
    counted = withSegment(world, added(counted, reception, step), { from, reception });
  }
  world.traffic.put(stream.loadBalancerArn, counted);
}

function nextMinute(at: number): number {
  return (Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS;
}

/** Remembers where clients with cookies are sent from now on. */
function withPins(scope: Scope, stream: TrafficStream): TrafficStream {
  if ((stream.settings?.returningShare ?? 0) === 0) return stream;
  const pins: Record<string, readonly Pin[]> = {};
  for (const { key, action } of routesOf(scope, stream)) {
    const stickyMs = stickyMsOf(action);
    if (stickyMs === 0) continue;
    const pin = { from: stream.countedUntil, shares: weightShares(action) };
    pins[key] = withPin(stream.pins?.[key] ?? [], pin, stickyMs);
  }
  return { ...stream, pins };
}

function isShiftingNow(scope: Scope, stream: TrafficStream): boolean {
  if (Object.keys(stream.pins ?? {}).length === 0) return false;
  return routesOf(scope, stream).some(({ key, action }) =>
    isShifting(stream.pins?.[key] ?? [], stream.countedUntil, stickyMsOf(action)),
  );
}

interface Memo {
  readonly changes: number;
  readonly requestsPerSecond: number;
  readonly settings: TrafficSettings | undefined;
  readonly pins: string;
  readonly reception: Reception;
}

const memos = new WeakMap<World, Map<string, Memo>>();

/** How the stream divides; worked out anew only after something has changed, and then the same object if nothing has for it. */
function receptionOf(
  world: World,
  scope: Scope,
  moment: { readonly stream: TrafficStream; readonly at: number; readonly isFleeting: boolean },
): Reception {
  const { stream, at, isFleeting } = moment;
  const known = memos.get(world) ?? new Map<string, Memo>();
  memos.set(world, known);
  const memo = known.get(stream.loadBalancerArn);
  const { requestsPerSecond, settings } = stream;
  const changes = world.changes();
  const pins = stream.pins === undefined ? '' : JSON.stringify(stream.pins);
  const isCurrent =
    !isFleeting &&
    memo?.changes === changes &&
    memo.requestsPerSecond === requestsPerSecond &&
    memo.settings === settings &&
    memo.pins === pins;
  if (isCurrent) return memo.reception;
  const fresh = receive(scope, stream, { at, pins: stream.pins ?? {} });
  const isEqual = memo !== undefined && JSON.stringify(memo.reception) === JSON.stringify(fresh);
  const reception = isEqual ? memo.reception : fresh;
  const key = isFleeting ? -1 : changes;
  known.set(stream.loadBalancerArn, { changes: key, requestsPerSecond, settings, pins, reception });
  return reception;
}

function added(stream: TrafficStream, reception: Reception, until: number): TrafficStream {
  const seconds = (until - stream.countedUntil) / 1000;
  const targetGroups = { ...stream.targetGroups };
  let { requestsWithNoHealthyTarget, requestsToStoppedTargets, elbErrors = 0 } = stream;
  const healthyHosts = reception.flows.reduce((sum, flow) => sum + flow.healthyHosts, 0);
  requestsWithNoHealthyTarget += reception.unserved * seconds;
  elbErrors += reception.unserved * seconds;
  for (const flow of reception.flows) {
    const requests = flow.perSecond * seconds;
    targetGroups[flow.targetGroupArn] = addedTo(targetGroups[flow.targetGroupArn], flow, requests);
    if (flow.healthyHosts === 0) requestsWithNoHealthyTarget += requests;
    requestsToStoppedTargets += requests * flow.stoppedShare;
    elbErrors += requests * flow.refusedShare;
  }
  return {
    ...stream,
    countedUntil: until,
    requests: stream.requests + stream.requestsPerSecond * seconds,
    requestsWithNoHealthyTarget,
    requestsToStoppedTargets,
    elbErrors,
    healthyHostsMin: Math.min(stream.healthyHostsMin ?? healthyHosts, healthyHosts),
    targetGroups,
  };
}

function addedTo(
  before: TargetGroupTraffic | undefined,
  flow: Flow,
  requests: number,
): TargetGroupTraffic {
  const unmet = flow.healthyHosts === 0 ? requests : 0;
  return {
    requests: (before?.requests ?? 0) + requests,
    requestsWithNoHealthyTarget: (before?.requestsWithNoHealthyTarget ?? 0) + unmet,
    targetErrors: (before?.targetErrors ?? 0) + requests * flow.failedShare,
    connectionErrors: (before?.connectionErrors ?? 0) + requests * flow.refusedShare,
  };
}

/** What metrics are told from: one segment goes on for as long as nothing changes for the stream. */
function withSegment(
  world: World,
  stream: TrafficStream,
  part: { readonly from: number; readonly reception: Reception },
): TrafficStream {
  const { loadBalancerArn, countedUntil } = stream;
  const current = world.segments.find(`${loadBalancerArn}|${stream.segmentFrom}`);
  const noise = stream.settings?.noise ?? true;
  const goesOn =
    current?.until === part.from && current.reception === part.reception && current.noise === noise;
  if (goesOn) {
    world.segments.update(`${loadBalancerArn}|${current.from}`, { until: countedUntil });
    return stream;
  }
  world.segments.put(`${loadBalancerArn}|${part.from}`, {
    loadBalancerArn,
    from: part.from,
    until: countedUntil,
    noise,
    reception: part.reception,
  });
  const [oldest] = world.segments.where('loadBalancer', loadBalancerArn);
  if (oldest !== undefined && oldest.until < countedUntil - KEPT_MS)
    world.segments.delete(`${loadBalancerArn}|${oldest.from}`);
  return { ...stream, segmentFrom: part.from };
}
