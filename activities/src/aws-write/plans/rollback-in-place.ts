import type { AwsRegion, CallOptions } from '@gennaker/aws';
import {
  GennakerError,
  planRollbackInPlace,
  versionKey,
  type DeployPlan,
  type LaunchTemplateVersionRef,
  type RollbackClusterStage,
  type RollingToReverse,
} from '@gennaker/domain';
import type { ReadCluster } from './deploy-facts.js';
import { readRefreshedGroup } from './rolling-facts.js';

/** A rolling deploy to take back. */
export interface ToReverse {
  readonly stage: RollbackClusterStage;
  readonly reversed: RollingToReverse;
}

/**
 * Plans the refresh that takes a rolling deploy back, on live data. Changes nothing. Throws CLUSTER_MOVED_ON; INVALID_REQUEST
 * where the recorded version is gone, or the instances cannot be replaced in place.
 */
export async function readInPlacePlan(
  cluster: Pick<ReadCluster, 'region' | 'view' | 'groups'>,
  { stage, reversed }: ToReverse,
  options: CallOptions,
): Promise<DeployPlan> {
  const details = cluster.groups.find((group) => group.view.name === reversed.group.name);
  if (details === undefined) throw new Error(`the listing has no ${reversed.group.name}`);
  const { settings, refresh, view } = await readRefreshedGroup(
    cluster,
    { details, strategy: { type: 'rolling' } },
    options,
  );
  const imageId = await imageOf(cluster.region, reversed.version, options);
  return planRollbackInPlace({ stage, cluster: view, reversed, settings, refresh, imageId });
}

async function imageOf(
  region: AwsRegion,
  version: LaunchTemplateVersionRef,
  options: CallOptions,
): Promise<string> {
  const { imageId } = await describe(region, version, options);
  if (imageId !== null) return imageId;
  throw new GennakerError(
    'INVALID_REQUEST',
    `Launch template version ${versionKey(version)}, which the deploy had replaced, names no image. Deploy what should serve.`,
    { details: { version: versionKey(version) } },
  );
}

async function describe(
  region: AwsRegion,
  version: LaunchTemplateVersionRef,
  options: CallOptions,
): Promise<{ readonly imageId: string | null }> {
  try {
    return (await region.describeLaunchTemplateVersion(version, options)).summary;
  } catch (error) {
    if (!(error instanceof GennakerError) || error.code !== 'AWS_NOT_FOUND') throw error;
    throw new GennakerError(
      'INVALID_REQUEST',
      `Launch template version ${versionKey(version)}, which the deploy had replaced, is gone. Deploy what should serve.`,
      { details: { version: versionKey(version) }, cause: error },
    );
  }
}
