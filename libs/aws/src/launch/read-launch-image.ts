import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { isCode } from '../calling/is-code.js';
import { describeLaunchConfiguration, describeLaunchTemplateVersion } from './read-launch.js';
import type { LaunchSource } from '../server-groups/server-group-settings.js';

/** The image id of a launch source; null where it has none or is gone: the group stays readable without it. */
export async function readLaunchImage(
  caller: AwsCaller,
  source: LaunchSource,
  options: CallOptions,
): Promise<string | null> {
  try {
    return await imageOf(caller, source, options);
  } catch (error) {
    if (isCode(error, 'AWS_NOT_FOUND')) return null;
    throw error;
  }
}

async function imageOf(
  caller: AwsCaller,
  source: LaunchSource,
  options: CallOptions,
): Promise<string | null> {
  switch (source.kind) {
    case 'launchTemplate':
    case 'mixedInstancesPolicy': {
      const { launchTemplateId, version } = source;
      if (launchTemplateId === null) return null;
      const query = { launchTemplateId, version: version ?? '$Default' };
      return (await describeLaunchTemplateVersion(caller, query, options)).summary.imageId;
    }
    case 'launchConfiguration': {
      const name = source.launchConfigurationName;
      return (await describeLaunchConfiguration(caller, name, options)).summary.imageId;
    }
    case 'none':
      return null;
  }
}
