import type { Simulation } from '../server/simulation.js';
import type { Scope } from '../world/scope.js';
import type { TrafficStream } from '../world/traffic-stream.js';
import { ControlError, type BodyReader } from './body.js';

const RATE_MAX = 1_000_000;

/** Sets the rate of a stream: `{ loadBalancerArn | name, account?, region?, requestsPerSecond }`; 0 stops it, its counts stay. */
export function setTraffic(simulation: Simulation, body: BodyReader): object {
  const member = body.object(['loadBalancerArn', 'name', 'account', 'region', 'requestsPerSecond']);
  const { world } = simulation;
  const found = findLoadBalancer(simulation, member);
  const requestsPerSecond = member('requestsPerSecond').number(0, RATE_MAX);
  const before = world.traffic.find(found.arn);
  const stream: TrafficStream = {
    loadBalancerArn: found.arn,
    scope: found.scope.name,
    requests: 0,
    requestsWithNoHealthyTarget: 0,
    requestsToStoppedTargets: 0,
    targetGroups: {},
    ...before,
    requestsPerSecond,
    countedUntil: world.now(),
  };
  world.traffic.put(found.arn, stream);
  world.commit(true);
  return streamView(stream);
}

/** All streams with their counts up to now. */
export function trafficView(simulation: Simulation): object {
  return { streams: simulation.world.traffic.all().map(streamView) };
}

function findLoadBalancer(
  simulation: Simulation,
  member: (name: string) => BodyReader,
): { arn: string; scope: Scope } {
  const [arn, name, account, region] = ['loadBalancerArn', 'name', 'account', 'region'].map(member);
  for (const scope of simulation.world.scopes()) {
    if (
      (account?.exists && account.text() !== scope.account) ||
      (region?.exists && region.text() !== scope.region)
    )
      continue;
    const found = scope.tables.loadBalancers
      .all()
      .find((row) => (arn?.exists ? row.arn === arn.text() : name?.text() === row.name));
    if (found !== undefined) return { arn: found.arn, scope };
  }
  const asked = arn?.exists ? arn : name;
  throw new ControlError(
    arn?.exists ? '/loadBalancerArn' : '/name',
    `No load balancer '${asked?.text()}'`,
    404,
  );
}

function streamView(stream: TrafficStream): object {
  return {
    loadBalancerArn: stream.loadBalancerArn,
    requestsPerSecond: stream.requestsPerSecond,
    requests: Math.round(stream.requests),
    requestsWithNoHealthyTarget: Math.round(stream.requestsWithNoHealthyTarget),
    requestsToStoppedTargets: Math.round(stream.requestsToStoppedTargets),
    targetGroups: Object.entries(stream.targetGroups).map(([targetGroupArn, counts]) => ({
      targetGroupArn,
      requests: Math.round(counts.requests),
      requestsWithNoHealthyTarget: Math.round(counts.requestsWithNoHealthyTarget),
    })),
  };
}
