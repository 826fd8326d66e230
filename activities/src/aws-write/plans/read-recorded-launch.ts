import type { AwsRegion, CallOptions, LaunchSource } from '@gennaker/aws';
import { refuseOwnTemplates, refuseWithoutTemplate, type RecordedLaunch } from '@gennaker/domain';

/**
 * What a server group launches from, resolved to a number, as an instance refresh needs it. Throws INVALID_REQUEST where a
 * new version of its template would not reach all instances, AWS_NOT_FOUND where the template is gone.
 */
export async function readRecordedLaunch(
  region: AwsRegion,
  group: { readonly serverGroup: string; readonly launch: LaunchSource },
  options: CallOptions,
): Promise<RecordedLaunch> {
  const { serverGroup, launch } = group;
  if (launch.kind === 'launchConfiguration' || launch.kind === 'none') {
    return refuseWithoutTemplate(serverGroup, launch.kind);
  }
  const { launchTemplateId } = launch;
  if (launchTemplateId === null) return refuseWithoutTemplate(serverGroup, launch.kind);
  const mixedInstancesPolicy = launch.kind === 'mixedInstancesPolicy' ? launch.policy : null;
  if (mixedInstancesPolicy !== null) refuseOwnTemplates(serverGroup, mixedInstancesPolicy);
  const specified = launch.version ?? '$Default';
  const describe = (version: string) =>
    region.describeLaunchTemplateVersion({ launchTemplateId, version }, options);
  const [meant, latest] = await Promise.all([describe(specified), describe('$Latest')]);
  return {
    launchTemplateId,
    version: meant.version,
    specified,
    latestVersion: latest.version,
    imageId: meant.summary.imageId,
    madeBy: meant.madeBy,
    mixedInstancesPolicy,
  };
}
