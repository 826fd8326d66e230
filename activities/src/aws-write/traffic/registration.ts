import { GennakerError, type ServerGroupView } from '@gennaker/domain';
import { reading, writing } from '../../call-options.js';
import type { Observed } from '../../observe/watch-server-group.js';

/** Takes all instances of a group, also those still coming up, out of the target groups. Repeatable. */
export function deregisterAll(
  observed: Observed,
  group: ServerGroupView,
  targetGroupArns: readonly string[],
): Promise<void> {
  const instanceIds = group.instances.map((instance) => instance.instanceId);
  return deregisterSome(observed, instanceIds, targetGroupArns);
}

/** Takes instances out of the target groups, in their order. Repeatable. */
export async function deregisterSome(
  { region, priority }: Observed,
  instanceIds: readonly string[],
  targetGroupArns: readonly string[],
): Promise<void> {
  if (instanceIds.length === 0) return;
  for (const arn of targetGroupArns) {
    await ignoringMissing(async () =>
      region.deregisterTargets(arn, instanceIds, await writing(priority)),
    );
  }
}

/**
 * Registers instances, only those that run: one that does not would fail the call for all (clouddriver-aws 3.2).
 * Repeatable. Throws SUBJECT_VANISHED when the target group is gone.
 */
export async function registerRunning(
  { region, priority, serverGroup }: Observed,
  targetGroupArn: string,
  instanceIds: readonly string[],
): Promise<readonly string[]> {
  if (instanceIds.length === 0) return [];
  const known = await region.describeInstances(instanceIds, reading(priority));
  const running = known.filter((one) => one.state === 'running').map((one) => one.instanceId);
  if (running.length === 0) return [];
  try {
    await region.registerTargets(targetGroupArn, running, await writing(priority));
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new GennakerError(
      'SUBJECT_VANISHED',
      `${serverGroup} cannot take traffic: its target group ${targetGroupArn} was deleted.`,
      { details: { serverGroup, targetGroupArn }, cause: error },
    );
  }
  return running;
}

/** A target group that is gone sends nobody any requests. */
async function ignoringMissing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof GennakerError && error.code === 'AWS_NOT_FOUND';
}
