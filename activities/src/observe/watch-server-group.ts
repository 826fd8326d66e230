import type { AwsRegion, CallPriority, WatchEvent } from '@gennaker/aws';

/** One server group under observation. */
export interface Observed {
  readonly region: AwsRegion;
  readonly serverGroup: string;
  readonly priority: CallPriority;
  readonly signal: AbortSignal;
}

/** Never fetches health: no group has that many instances in service. */
export const withoutHealth = Number.MAX_SAFE_INTEGER;

/**
 * Looks at a server group by the shared reader, with the target groups that it has itself: when someone attaches or
 * detaches one, the watch goes on with the new ones. Ends when the signal aborts (its reason is thrown) or the consumer
 * leaves. An eager one also gets looks between the regular ones, marked `extra`: a wait that counts looks leaves these out.
 */
export async function* watchServerGroup(
  observed: Observed,
  wantHealthFrom: number,
  pace: 'regular' | 'eager' = 'regular',
): AsyncGenerator<WatchEvent, void, undefined> {
  const { region, serverGroup, priority, signal } = observed;
  let targetGroupArns: readonly string[] = [];
  for (;;) {
    let changed: readonly string[] | null = null;
    const options = { targetGroupArns, wantHealthFrom, priority, eager: pace === 'eager' };
    for await (const event of region.reader.watch(serverGroup, options, signal)) {
      changed = wantHealthFrom === withoutHealth ? null : otherTargetGroups(event, targetGroupArns);
      if (changed !== null) break;
      yield event;
    }
    if (changed === null) return;
    targetGroupArns = changed;
  }
}

function otherTargetGroups(
  event: WatchEvent,
  watched: readonly string[],
): readonly string[] | null {
  if (event.kind !== 'seen') return null;
  const now = event.serverGroup.targetGroupArns;
  return now.length === watched.length && now.every((arn) => watched.includes(arn)) ? null : now;
}
