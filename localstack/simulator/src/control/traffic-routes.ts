import type { Simulation } from '../server/simulation.js';
import type { Scope } from '../world/scope.js';
import type { MixEntry, TrafficSettings, TrafficStream } from '../world/traffic-stream.js';
import { ControlError, type BodyReader } from './body.js';

const RATE_MAX = 1_000_000;
const LATENCY_MS_MAX = 600_000;

/**
 * Sets a stream: `{ loadBalancerArn | name, account?, region?, requestsPerSecond, port?, mix?, returningShare?,
 * latencyMs?, noise? }`. A rate of 0 stops it, its counts stay; settings that are left out are as at the beginning, and
 * the fewest healthy targets are looked for anew.
 */
export function setTraffic(simulation: Simulation, body: BodyReader): object {
  const member = body.object([
    'loadBalancerArn',
    'name',
    'account',
    'region',
    'requestsPerSecond',
    'port',
    'mix',
    'returningShare',
    'latencyMs',
    'noise',
  ]);
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
    settings: readSettings(member),
    countedUntil: world.now(),
    healthyHostsMin: undefined,
  };
  world.traffic.put(found.arn, stream);
  world.commit(true);
  return streamView(stream);
}

function readSettings(member: (name: string) => BodyReader): TrafficSettings {
  const given = <T>(name: string, read: (reader: BodyReader) => T) =>
    member(name).exists ? { [name]: read(member(name)) } : {};
  return {
    ...given('port', (reader) => reader.integer(1, 65_535)),
    ...given('mix', readMix),
    ...given('returningShare', (reader) => reader.number(0, 1)),
    ...given('latencyMs', (reader) => reader.number(1, LATENCY_MS_MAX)),
    ...given('noise', (reader) => reader.boolean()),
  };
}

function readMix(reader: BodyReader): readonly MixEntry[] {
  const mix = reader.items().map((item): MixEntry => {
    const member = item.object(['share', 'host', 'path', 'method', 'headers', 'query', 'sourceIp']);
    const given = (name: string, read: (value: BodyReader) => unknown) =>
      member(name).exists ? { [name]: read(member(name)) } : {};
    return {
      share: member('share').number(0, 1),
      ...given('host', (value) => value.text()),
      ...given('path', (value) => value.text()),
      ...given('method', (value) => value.text()),
      ...given('headers', (value) => value.textsByName()),
      ...given('query', (value) => value.textsByName()),
      ...given('sourceIp', (value) => value.text()),
    };
  });
  const total = mix.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(total - 1) > 1e-6)
    throw reader.wrong(`a list of shares that add up to 1 (they make ${total})`);
  return mix;
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
    elbErrors: Math.round(stream.elbErrors ?? 0),
    ...(stream.healthyHostsMin !== undefined && { healthyHostsMin: stream.healthyHostsMin }),
    ...stream.settings,
    targetGroups: Object.entries(stream.targetGroups).map(([targetGroupArn, counts]) => ({
      targetGroupArn,
      requests: Math.round(counts.requests),
      requestsWithNoHealthyTarget: Math.round(counts.requestsWithNoHealthyTarget),
      targetErrors: Math.round(counts.targetErrors ?? 0),
      connectionErrors: Math.round(counts.connectionErrors ?? 0),
    })),
  };
}
