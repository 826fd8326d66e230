import type { AwsRegion, CallOptions } from '@gennaker/aws';
import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { GennakerError, versionKey, type LaunchTemplateVersionRef } from '@gennaker/domain';
import { Context } from '@temporalio/activity';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading, writing } from '../../call-options.js';
import { findPersistently } from '../../observe/persistently.js';

/**
 * A version of the recorded launch template (or of an older version of it, where that is named) with another image, everything else copied by EC2 itself, and read back. A
 * first attempt acts straight away, since our client token makes that harmless; a later one looks for what the first made,
 * by the operation that its description names. Throws AWS_NOT_FOUND while EC2 does not show it (and is then repeated).
 */
export function createEnsureLaunchTemplateVersion({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['ensureLaunchTemplateVersion'] {
  return async ({ context, subject, launch, imageId, instanceType, copyOf }) => {
    const region = aws.region(subject.account, subject.region);
    const { launchTemplateId, version, latestVersion } = launch;
    const sourceVersion = copyOf ?? version;
    const { operationKey } = context;
    const options = reading(context.priority);
    const query = { launchTemplateId, aboveVersion: latestVersion, operationKey };
    const repeated = Context.current().info.attempt > 1;
    const known = repeated ? await region.findLaunchTemplateVersion(query, options) : undefined;
    const made =
      known ??
      (await region.createLaunchTemplateVersion(
        { launchTemplateId, sourceVersion, imageId, instanceType, owner: context },
        await writing(context.priority),
      ));
    await verifyImage(region, { made, imageId }, options);
    return made;
  };
}

async function verifyImage(
  region: AwsRegion,
  { made, imageId }: { readonly made: LaunchTemplateVersionRef; readonly imageId: string },
  options: CallOptions,
): Promise<void> {
  const shown = await findPersistently(
    () => describeOrUndefined(region, made, options),
    options.signal,
  );
  if (shown?.summary.imageId === imageId) return;
  throw new GennakerError(
    'AWS_NOT_FOUND',
    `EC2 has made launch template version ${versionKey(made)}, but does not show it with image ${imageId} yet.`,
    { details: { version: versionKey(made), imageId, found: shown?.summary.imageId ?? null } },
  );
}

async function describeOrUndefined(
  region: AwsRegion,
  made: LaunchTemplateVersionRef,
  options: CallOptions,
) {
  try {
    return await region.describeLaunchTemplateVersion(made, options);
  } catch (error) {
    if (error instanceof GennakerError && error.code === 'AWS_NOT_FOUND') return undefined;
    throw error;
  }
}
