import { GennakerError, type ServerGroupView } from '@gennaker/domain';
import type { TargetHealthEntry, InstanceDetails } from '../aws-reads.js';
import { callPriorities, type CallOptions } from '../call-options.js';
import { withHealthFacts } from './complete-server-groups.js';
import { chunksOf } from '../calling/pages.js';
import { namesPerDescribe } from '../server-groups/read-server-groups.js';
import type { ServerGroupDetails } from '../server-groups/server-group-settings.js';
import type { Sight } from './watch-event.js';
import type { Watcher } from './watcher.js';

/** The three reads of a look, and what tells when the next one is worth it. */
export interface LookReads {
  describeServerGroups(
    names: readonly string[],
    options: CallOptions,
  ): Promise<readonly ServerGroupDetails[]>;
  describeInstances(
    instanceIds: readonly string[],
    options: CallOptions,
  ): Promise<readonly InstanceDetails[]>;
  describeTargetHealth(
    query: { readonly targetGroupArn: string },
    options: CallOptions,
  ): Promise<readonly TargetHealthEntry[]>;
  describeDrainSeconds(targetGroupArn: string, options: CallOptions): Promise<number>;
}

type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: GennakerError };

/**
 * One look for many watchers: each group, target group and instance is read once, whoever watches it. Sets `wantsHealth`
 * of watchers whose group has enough instances in service. Never throws: what fails, fails for those who need it.
 */
export async function lookFor(
  reads: LookReads,
  watchers: readonly Watcher[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Watcher, Sight>> {
  const options: CallOptions = { priority: mostUrgent(watchers), signal };
  const groups = await readGroups(reads, watchers, options);
  for (const watcher of watchers) {
    const group = groups.get(watcher.serverGroup);
    if (group?.ok === true && group.value !== undefined) noteHealthWish(watcher, group.value);
  }
  const health = await readHealth(reads, { watchers, groups, options });
  return new Map(watchers.map((watcher) => [watcher, sightOf(watcher, groups, health)]));
}

type Groups = ReadonlyMap<string, Answer<ServerGroupView | undefined>>;

interface Health {
  readonly instances: Answer<ReadonlyMap<string, InstanceDetails>>;
  readonly targets: ReadonlyMap<string, Answer<readonly TargetHealthEntry[]>>;
}

async function readGroups(
  reads: LookReads,
  watchers: readonly Watcher[],
  options: CallOptions,
): Promise<Groups> {
  const names = watchers.map(({ serverGroup }) => serverGroup).toSorted();
  const answers = await Promise.all(
    chunksOf(names, namesPerDescribe).map(async (chunk) => {
      const answer = await settle(reads.describeServerGroups(chunk, options));
      return chunk.map((name): [string, Answer<ServerGroupView | undefined>] => {
        if (!answer.ok) return [name, answer];
        return [
          name,
          { ok: true, value: answer.value.find(({ view }) => view.name === name)?.view },
        ];
      });
    }),
  );
  return new Map(answers.flat());
}

function noteHealthWish(watcher: Watcher, group: ServerGroupView): void {
  const inService = group.instances.filter(({ lifecycleState }) => lifecycleState === 'InService');
  if (inService.length >= watcher.options.wantHealthFrom) watcher.wantsHealth = true;
}

async function readHealth(
  reads: LookReads,
  look: {
    readonly watchers: readonly Watcher[];
    readonly groups: Groups;
    readonly options: CallOptions;
  },
): Promise<Health> {
  const wanting = look.watchers.filter(
    (watcher) => watcher.wantsHealth && viewOf(look.groups, watcher) !== undefined,
  );
  const ids = wanting.flatMap(
    (watcher) => viewOf(look.groups, watcher)?.instances.map(({ instanceId }) => instanceId) ?? [],
  );
  const arns = [...new Set(wanting.flatMap(({ options }) => options.targetGroupArns))];
  const [instances, targets] = await Promise.all([
    settle(reads.describeInstances(ids, look.options)),
    Promise.all(
      arns.map(async (targetGroupArn) => {
        const answer = await settle(reads.describeTargetHealth({ targetGroupArn }, look.options));
        return [targetGroupArn, answer] as const;
      }),
    ),
  ]);
  return { instances: byId(instances), targets: new Map(targets) };
}

function sightOf(watcher: Watcher, groups: Groups, health: Health): Sight {
  const group = groups.get(watcher.serverGroup);
  if (group?.ok === false) return { kind: 'failed', error: group.error };
  if (group?.value === undefined) return { kind: 'vanished' };
  if (!watcher.wantsHealth) return { kind: 'seen', serverGroup: group.value, withHealth: false };
  if (!health.instances.ok) return { kind: 'failed', error: health.instances.error };
  const targets = new Map<string, readonly TargetHealthEntry[]>();
  for (const arn of watcher.options.targetGroupArns) {
    const answer = health.targets.get(arn);
    if (answer?.ok === false) return { kind: 'failed', error: answer.error };
    targets.set(arn, answer?.value ?? []);
  }
  const facts = { instances: health.instances.value, targets };
  return { kind: 'seen', serverGroup: withHealthFacts(group.value, facts), withHealth: true };
}

function viewOf(groups: Groups, watcher: Watcher): ServerGroupView | undefined {
  const group = groups.get(watcher.serverGroup);
  return group?.ok === true ? group.value : undefined;
}

function byId(
  answer: Answer<readonly InstanceDetails[]>,
): Answer<ReadonlyMap<string, InstanceDetails>> {
  if (!answer.ok) return answer;
  return { ok: true, value: new Map(answer.value.map((one) => [one.instanceId, one])) };
}

function mostUrgent(watchers: readonly Watcher[]): CallOptions['priority'] {
  const wanted = new Set(watchers.map(({ options }) => options.priority ?? 'wait'));
  return callPriorities.find((priority) => wanted.has(priority)) ?? 'wait';
}

async function settle<T>(read: Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await read };
  } catch (error) {
    if (error instanceof GennakerError) return { ok: false, error };
    const message = `A look at AWS failed: ${String(error)}`;
    return { ok: false, error: new GennakerError('INTERNAL', message, { cause: error }) };
  }
}
