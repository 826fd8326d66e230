import type { AwsRegion, CallPriority, TargetHealthEntry } from '@gennaker/aws';
import type { AwsWriteActivities } from '@gennaker/contract/wire';
import {
  GennakerError,
  targetGroupName,
  targetHealthRows,
  troubledInstances,
  type ConsoleExcerpt,
  type InstanceView,
  type ServerGroupView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
import { observedAt } from '../../observe/cluster-view.js';
import { pause } from '../../observe/pause.js';

/** How often a part is read before it is named as unread: the undo waits for it. */
const readsMax = 3;
/** Between two of them, in milliseconds. */
const readAgainMs = 500;

/**
 * What a server group that failed is like before it goes: target health by reason (DescribeTargetHealth), and the end of the
 * consoles of up to three instances that are not healthy (GetConsoleOutput). Changes nothing; a part that cannot be read is
 * named, and never fails the rest. Null when the group is not there.
 */
export function createReadFailureEvidence({
  aws,
  clock,
}: AwsActivityDependencies): AwsWriteActivities['readFailureEvidence'] {
  return async ({ context, subject }) => {
    const region = aws.region(subject.account, subject.region);
    const { priority } = context;
    const [found] = await region.describeServerGroups([subject.serverGroup], reading(priority));
    if (found === undefined) return null;
    const group = found.view;
    const unread: string[] = [];
    const seen = await targetHealthOf(region, group, { priority, unread });
    const consoles = await Promise.all(
      troubledInstances(group, seen).map((one) => consoleOf(region, one, { priority, unread })),
    );
    return {
      serverGroup: group.name,
      observedAt: observedAt(region, clock),
      targetHealth: targetHealthRows(seen),
      consoles: consoles.flatMap((one) => one ?? []),
      unread,
    };
  };
}

interface Reading {
  readonly priority: CallPriority;
  /** What could not be read is added to it. */
  readonly unread: string[];
}

async function targetHealthOf(
  region: AwsRegion,
  group: ServerGroupView,
  { priority, unread }: Reading,
): Promise<readonly TargetHealthEntry[]> {
  const members = new Set(group.instances.map(({ instanceId }) => instanceId));
  const perGroup = await Promise.all(
    group.targetGroupArns.map((targetGroupArn) =>
      readOrName(unread, `target health in ${targetGroupName(targetGroupArn)}`, () =>
        region.describeTargetHealth({ targetGroupArn }, reading(priority)),
      ),
    ),
  );
  return perGroup.flatMap((one) => one ?? []).filter(({ instanceId }) => members.has(instanceId));
}

async function consoleOf(
  region: AwsRegion,
  { instanceId, zone, lifecycleState }: InstanceView,
  { priority, unread }: Reading,
): Promise<ConsoleExcerpt | null> {
  const output = await readOrName(unread, `console of ${instanceId}`, () =>
    region.getConsoleOutput(instanceId, reading(priority)),
  );
  return output === null ? null : { ...output, zone, lifecycleState };
}

/** Null, and named, where AWS does not tell. A cancellation passes. */
async function readOrName<T>(
  unread: string[],
  what: string,
  read: () => Promise<T>,
): Promise<T | null> {
  for (let reads = 1; ; reads += 1) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof GennakerError)) throw error;
      if (error.retry === 'never' || reads >= readsMax) {
        unread.push(`${what}: ${error.code}`);
        return null;
      }
    }
    await pause(readAgainMs, reading('undo').signal);
  }
}
