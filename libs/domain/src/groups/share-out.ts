import { requiredHealthy } from './capacity.js';
import type { InstanceView, ServerGroupView } from './cluster.js';
import { isUp } from './health.js';
import { isRegisteredAnywhere } from './target-registration.js';

/** What must serve at the moment when a share of a server group is taken out of traffic. */
export interface ShareGuard {
  /** The group that serves in its place; null: only what stays of the subject. */
  readonly serverGroup: string | null;
  /** Healthy instances in traffic that both have together afterwards, at least. */
  readonly instancesTogetherMin: number;
  /** Also this percentage of what the subject has in service at that moment; absent: the number alone. */
  readonly coveringPercent?: number;
  /** Also this percentage of what the subject has in service in each zone; absent: zones do not count. */
  readonly zoneFloorPercent?: number;
}

/** A server group of which a share goes out of traffic, and the one that serves in its place, as they are now. */
export interface ShareFacts {
  readonly group: ServerGroupView;
  /** Null: nothing serves in its place. */
  readonly incoming: ServerGroupView | null;
  /** Of the instances in service that are to be out of traffic afterwards, 1 to 99. */
  readonly percent: number;
  /** When each instance was launched, ISO 8601, by instance id; unknown ones count as the newest. */
  readonly launchedAt: ReadonlyMap<string, string>;
}

export interface ShareOut {
  /** Instances in service. */
  readonly instances: number;
  /** Those that are to be out of traffic; the ones that are out already come first. */
  readonly out: readonly string[];
  /** Those of them that have still to be deregistered, in this order. */
  readonly deregister: readonly string[];
}

/**
 * Which instances go, so that `percent` of those in service are out, rounded up (Clouddriver's count, clouddriver-aws 3.1
 * step 4). First come those that serve nothing anyway; then always one of the zone that has most left of both groups
 * together, so that no zone is emptied first, and in it the one launched last: what has served longest leaves last. The
 * choice depends on nothing else: the same look gives the same instances, and a choice half carried out is continued.
 */
export function chooseShareOut({ group, incoming, percent, launchedAt }: ShareFacts): ShareOut {
  const inService = group.instances.filter((one) => one.lifecycleState === 'InService');
  const wanted = Math.ceil((inService.length * percent) / 100);
  const idle = inService.filter((one) => !isUp(one, group)).toSorted(outFirst(group));
  const counts = countByZone(incoming === null ? [] : upIn(incoming));
  const ordered = [...idle, ...zoneByZone(upIn(group), counts, launchedAt)];
  const out = ordered.slice(0, wanted);
  return {
    instances: inService.length,
    out: out.map((one) => one.instanceId),
    deregister: out.filter((one) => isRegisteredAnywhere(one, group)).map((one) => one.instanceId),
  };
}

/** What keeps a share from being taken out, in words; null when all that the guard asks for is kept. Pure and total. */
export function shareShortfall(
  { group, incoming }: Pick<ShareFacts, 'group' | 'incoming'>,
  share: ShareOut,
  guard: ShareGuard,
): string | null {
  const stays = upIn(group).filter((one) => !share.out.includes(one.instanceId));
  const joins = incoming !== null && incoming.enabled && !incoming.deleting ? upIn(incoming) : [];
  const together = [...stays, ...joins];
  const covering = requiredHealthy(share.instances, guard.coveringPercent ?? 0);
  const required = Math.max(guard.instancesTogetherMin, covering);
  if (together.length < required) {
    return (
      `${group.name} would keep ${stays.length} and ${guard.serverGroup ?? 'no other'} has ${joins.length} healthy ` +
      `instances in traffic, together ${together.length} of ${required}`
    );
  }
  return zoneShortfall(group, together, guard.zoneFloorPercent ?? 0);
}

/** A zone is never asked for more than an even spread of what is left over all zones gives it. */
function zoneShortfall(
  group: ServerGroupView,
  together: readonly InstanceView[],
  percent: number,
): string | null {
  if (percent === 0) return null;
  const serving = countByZone(group.instances.filter((one) => one.lifecycleState === 'InService'));
  const left = countByZone(together);
  const zones = new Set([...serving.keys(), ...left.keys()]);
  const evenShare = Math.floor(together.length / Math.max(1, zones.size));
  const short = [...serving]
    .map(([zone, count]) => ({
      zone,
      healthy: left.get(zone) ?? 0,
      required: Math.min(requiredHealthy(count, percent), evenShare),
    }))
    .filter((one) => one.healthy < one.required)
    .toSorted((one, other) => (one.zone < other.zone ? -1 : 1));
  if (short.length === 0) return null;
  return short
    .map(({ zone, healthy, required }) => `zone ${zone} would have ${healthy} of ${required}`)
    .join(', ');
}

function upIn(group: ServerGroupView): readonly InstanceView[] {
  return group.instances.filter((instance) => isUp(instance, group));
}

/** Those out of traffic before those that are only unhealthy; then by id. */
function outFirst(group: ServerGroupView) {
  return (one: InstanceView, other: InstanceView): number =>
    Number(isRegisteredAnywhere(one, group)) - Number(isRegisteredAnywhere(other, group)) ||
    byText(one.instanceId, other.instanceId);
}

function zoneByZone(
  instances: readonly InstanceView[],
  besides: ReadonlyMap<string, number>,
  launchedAt: ReadonlyMap<string, string>,
): readonly InstanceView[] {
  const left = new Map<string, InstanceView[]>();
  const newestFirst = instances.toSorted(
    (one, other) =>
      byText(launchOf(other, launchedAt), launchOf(one, launchedAt)) ||
      byText(one.instanceId, other.instanceId),
  );
  for (const one of newestFirst) left.set(one.zone, [...(left.get(one.zone) ?? []), one]);
  const ordered: InstanceView[] = [];
  while (ordered.length < instances.length) {
    const [next] = [...left]
      .filter(([, here]) => here.length > 0)
      .map(([zone, here]) => ({ zone, here, count: here.length + (besides.get(zone) ?? 0) }))
      .toSorted((one, other) => other.count - one.count || byText(one.zone, other.zone));
    const taken = next?.here.shift();
    if (taken === undefined) break;
    ordered.push(taken);
  }
  return ordered;
}

/** Later than any time where it is not known. */
function launchOf(instance: InstanceView, launchedAt: ReadonlyMap<string, string>): string {
  return launchedAt.get(instance.instanceId) ?? '~';
}

function countByZone(instances: readonly InstanceView[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { zone } of instances) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return counts;
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
