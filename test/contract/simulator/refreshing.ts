import {
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
  type RefreshPreferences,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import { describeGroup, lifecycleStates, type StandIn } from './stand-in.js';

/** The group whose instances are replaced. */
export const refreshedGroup = 'web-v000';

/** A desired configuration of the group's own template. */
export const versionOf = (Version: string) => ({
  LaunchTemplate: { LaunchTemplateName: 'web-v000', Version },
});

/** Starts a refresh to a version; null: to what the group has. */
export async function startRefresh(
  standIn: StandIn,
  Preferences: RefreshPreferences = {},
  to: string | null = '2',
) {
  return standIn.autoScaling.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: refreshedGroup,
      Preferences,
      ...(to === null ? {} : { DesiredConfiguration: versionOf(to) }),
    }),
  );
}

/** The newest one, if there was any. */
export async function newestRefresh(standIn: StandIn): Promise<InstanceRefresh | undefined> {
  const { InstanceRefreshes: found } = await standIn.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: refreshedGroup }),
  );
  return found?.[0];
}

/** The template versions of the group's instances that stay, in order. */
export async function versionsOf(standIn: StandIn): Promise<readonly string[]> {
  const members = (await describeGroup(standIn))?.Instances ?? [];
  return members
    .filter((member) => !member.LifecycleState?.startsWith('Terminating'))
    .map(({ LaunchTemplate: template }) => template?.Version ?? '')
    .toSorted();
}

/** The least and the largest number of instances in service while the time passes. */
export async function countInService(standIn: StandIn, seconds: number) {
  const seen: number[] = [];
  for (let second = 0; second < seconds; second += 2) {
    await standIn.advance(2);
    seen.push((await lifecycleStates(standIn)).filter((state) => state === 'InService').length);
  }
  return { least: Math.min(...seen), largest: Math.max(...seen) };
}
