import {
  CancelInstanceRefreshCommand,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
  type DesiredConfiguration,
  type MixedInstancesPolicy,
  type RefreshPreferences as AwsPreferences,
} from '@aws-sdk/client-auto-scaling';
import type { RefreshPreferences } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { hasAwsCode } from '../calling/is-code.js';
import type {
  DesiredLaunch,
  StartInstanceRefreshOutcome,
  StartInstanceRefreshRequest,
} from './refresh-calls.js';
import { requiredField } from '../calling/required-field.js';

/** See RefreshWrites. */
export async function startInstanceRefresh(
  caller: AwsCaller,
  { serverGroup, desired, preferences }: StartInstanceRefreshRequest,
  options: CallOptions,
): Promise<StartInstanceRefreshOutcome> {
  const command = new StartInstanceRefreshCommand({
    AutoScalingGroupName: serverGroup,
    Strategy: 'Rolling',
    DesiredConfiguration: configurationOf(desired),
    Preferences: preferencesOf(preferences),
  });
  try {
    const reply = await caller.autoscaling(command, { ...options, resource: serverGroup });
    const refreshId = requiredField(reply.InstanceRefreshId, 'InstanceRefreshId');
    return { outcome: 'started', refreshId };
  } catch (error) {
    if (hasAwsCode(error, /^InstanceRefreshInProgress/)) return { outcome: 'inProgress' };
    throw error;
  }
}

/** See RefreshWrites. */
export async function cancelInstanceRefresh(
  caller: AwsCaller,
  serverGroup: string,
  options: CallOptions,
): Promise<{ readonly outcome: 'cancelling' | 'noneActive' }> {
  const command = new CancelInstanceRefreshCommand({ AutoScalingGroupName: serverGroup });
  try {
    await caller.autoscaling(command, { ...options, resource: serverGroup });
    return { outcome: 'cancelling' };
  } catch (error) {
    if (hasAwsCode(error, noneActive)) return { outcome: 'noneActive' };
    throw error;
  }
}

/** See RefreshWrites. */
export async function rollbackInstanceRefresh(
  caller: AwsCaller,
  serverGroup: string,
  options: CallOptions,
): Promise<{ readonly outcome: 'rollingBack' | 'irreversible' | 'noneActive' }> {
  const command = new RollbackInstanceRefreshCommand({ AutoScalingGroupName: serverGroup });
  try {
    await caller.autoscaling(command, { ...options, resource: serverGroup });
    return { outcome: 'rollingBack' };
  } catch (error) {
    if (hasAwsCode(error, noneActive)) return { outcome: 'noneActive' };
    if (hasAwsCode(error, /^IrreversibleInstanceRefresh/)) return { outcome: 'irreversible' };
    throw error;
  }
}

const noneActive = /^ActiveInstanceRefreshNotFound/;

/** See RefreshWrites. */
export async function updateLaunchTemplate(
  caller: AwsCaller,
  subject: { readonly serverGroup: string; readonly launch: DesiredLaunch },
  options: CallOptions,
): Promise<void> {
  const { serverGroup, launch } = subject;
  const command = new UpdateAutoScalingGroupCommand({
    AutoScalingGroupName: serverGroup,
    ...configurationOf(launch),
  });
  await caller.autoscaling(command, { ...options, resource: serverGroup });
}

function configurationOf(desired: DesiredLaunch): DesiredConfiguration {
  const { launchTemplateId, version, mixedInstancesPolicy } = desired;
  const specification = { LaunchTemplateId: launchTemplateId, Version: version };
  if (mixedInstancesPolicy === null) return { LaunchTemplate: specification };
  // Read from AWS in this shape, kept as plain data in between, and given back but for the version of its base.
  const policy = mixedInstancesPolicy as MixedInstancesPolicy;
  return {
    MixedInstancesPolicy: {
      ...policy,
      LaunchTemplate: { ...policy.LaunchTemplate, LaunchTemplateSpecification: specification },
    },
  };
}

/** Every preference that has a value, so that no default of AWS decides; absent is what AWS takes for "none". */
function preferencesOf(preferences: RefreshPreferences): AwsPreferences {
  const { instanceWarmupSeconds, checkpointPercents, checkpointDelaySeconds, alarms } = preferences;
  return {
    MinHealthyPercentage: preferences.minHealthyPercent,
    MaxHealthyPercentage: preferences.maxHealthyPercent,
    ...(instanceWarmupSeconds !== null && { InstanceWarmup: instanceWarmupSeconds }),
    ...(checkpointPercents.length > 0 && { CheckpointPercentages: [...checkpointPercents] }),
    ...(checkpointDelaySeconds !== null && { CheckpointDelay: checkpointDelaySeconds }),
    BakeTime: preferences.bakeSeconds,
    ...(alarms.length > 0 && { AlarmSpecification: { Alarms: [...alarms] } }),
    AutoRollback: preferences.autoRollback,
    SkipMatching: preferences.skipMatching,
    // An instance that someone protects or keeps in standby is theirs: it is waited for, and never ended over their head.
    ScaleInProtectedInstances: 'Wait',
    StandbyInstances: 'Wait',
  };
}
