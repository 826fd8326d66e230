import { targetGroupsOf } from '../elb/actions.js';
import type { Scope } from './scope.js';
import type { TrafficStream } from './traffic-stream.js';
import type { World } from './world.js';

interface Share {
  readonly targetGroupArn: string;
  readonly share: number;
  readonly metNoHealthy: boolean;
  readonly stoppedShare: number;
}

/**
 * Counts the requests of all streams up to an instant; between two changes the state is constant, so the count is
 * exact. A target group with only unhealthy targets gets its requests all the same (the load balancer fails open), an
 * empty one answers 503: both met no healthy target.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function countTraffic(world: World, until: number): void {
  for (const stream of world.traffic.all()) {
    const seconds = (until - stream.countedUntil) / 1000;
    if (seconds > 0)
      world.traffic.put(
        stream.loadBalancerArn,
        counted(world, stream, { until, requests: seconds * stream.requestsPerSecond }),
      );
  }
}

function counted(
  world: World,
  stream: TrafficStream,
  more: { until: number; requests: number },
): TrafficStream {
  const shares = sharesOf(world, stream);
  const targetGroups = { ...stream.targetGroups };
  let unmet = shares.length === 0 ? more.requests : 0;
  let toStopped = 0;
  for (const { targetGroupArn, share, metNoHealthy, stoppedShare } of shares) {
    const requests = more.requests * share;
    const before = targetGroups[targetGroupArn] ?? { requests: 0, requestsWithNoHealthyTarget: 0 };
    targetGroups[targetGroupArn] = {
      requests: before.requests + requests,
      requestsWithNoHealthyTarget:
        before.requestsWithNoHealthyTarget + (metNoHealthy ? requests : 0),
    };
    if (metNoHealthy) unmet += requests;
    toStopped += requests * stoppedShare;
  }
  return {
    ...stream,
    countedUntil: more.until,
    requests: stream.requests + more.requests,
    requestsWithNoHealthyTarget: stream.requestsWithNoHealthyTarget + unmet,
    requestsToStoppedTargets: stream.requestsToStoppedTargets + toStopped,
    targetGroups,
  };
}

interface SharesMemo {
  readonly key: string;
  readonly shares: readonly Share[];
}

const memos = new WeakMap<World, Map<string, SharesMemo>>();

/** How the stream divides over the target groups; worked out anew only after something has changed. */
function sharesOf(world: World, stream: TrafficStream): readonly Share[] {
  const known = memos.get(world) ?? new Map<string, SharesMemo>();
  memos.set(world, known);
  const memo = known.get(stream.loadBalancerArn);
  const key = String(world.changes());
  if (memo?.key === key) return memo.shares;
  const [account = '', region = ''] = stream.scope.split('/');
  const shares = divide(world.scope(account, region), stream.loadBalancerArn);
  known.set(stream.loadBalancerArn, { key, shares });
  return shares;
}

function divide(scope: Scope, loadBalancerArn: string): readonly Share[] {
  const [listener] = scope.tables.listeners.where('loadBalancer', loadBalancerArn);
  const forward = listener?.actions.find(({ Type: type }) => type === 'forward');
  if (forward === undefined) return [];
  const weights =
    forward.ForwardConfig?.TargetGroups?.map(
      ({ TargetGroupArn: arn = '', Weight: weight = 1 }) => ({ arn, weight }),
    ) ?? targetGroupsOf([forward]).map((arn) => ({ arn, weight: 1 }));
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return weights
    .filter(({ weight }) => weight > 0)
    .map(({ arn, weight }) => ({
      targetGroupArn: arn,
      share: weight / total,
      ...reception(scope, arn),
    }));
}

function reception(
  scope: Scope,
  targetGroupArn: string,
): Pick<Share, 'metNoHealthy' | 'stoppedShare'> {
  const healthy = scope.tables.targets
    .where('targetGroup', targetGroupArn)
    .filter(({ state }) => state === 'healthy');
  const stopped = healthy.filter(
    ({ instanceId }) => scope.tables.instances.find(instanceId)?.state !== 'running',
  );
  return {
    metNoHealthy: healthy.length === 0,
    stoppedShare: healthy.length === 0 ? 0 : stopped.length / healthy.length,
  };
}
