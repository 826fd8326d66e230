import { isOwnedBy, type AwsRegion } from '@gennaker/aws';
import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { GennakerError, launchTemplateName, parseServerGroupName } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading, writing } from '../../call-options.js';
import { findPersistently } from '../../observe/persistently.js';
import { nameConflict } from '../creation/ownership.js';

/**
 * Deletes the launch template that was made for a server group, if it is ours and no group of the cluster uses it; another
 * group's use is left alone and logged. Gone is done. Throws NAME_CONFLICT; AWS_CONFLICT while its own group still uses it.
 */
export function createDeleteLaunchTemplate({
  aws,
  logger,
}: AwsActivityDependencies): AwsWriteActivities['deleteLaunchTemplate'] {
  return async ({ context, subject }) => {
    const region = aws.region(subject.account, subject.region);
    const options = reading(context.priority);
    const template = await findPersistently(
      () => region.findLaunchTemplate(launchTemplateName(subject.serverGroup), options),
      options.signal,
    );
    if (template === undefined) return;
    const { launchTemplateId, launchTemplateName: name } = template;
    if (!isOwnedBy(template.tags, context)) {
      throw nameConflict({ kind: 'Launch template', name }, template.tags);
    }
    const users = await usersOf(region, launchTemplateId, {
      serverGroup: subject.serverGroup,
      options,
    });
    if (users.includes(subject.serverGroup)) throw stillUsed(name, subject.serverGroup);
    if (users.length > 0) {
      logger.warn(
        { launchTemplateId, users },
        'launch template is kept: another server group uses it',
      );
      return;
    }
    await region.deleteLaunchTemplate(launchTemplateId, await writing(context.priority));
  };
}

async function usersOf(
  region: AwsRegion,
  launchTemplateId: string,
  look: { readonly serverGroup: string; readonly options: ReturnType<typeof reading> },
): Promise<readonly string[]> {
  const cluster = parseServerGroupName(look.serverGroup).cluster ?? look.serverGroup;
  const groups = await region.listCluster(cluster, look.options);
  return groups
    .filter(
      ({ settings: { launch } }) =>
        'launchTemplateId' in launch && launch.launchTemplateId === launchTemplateId,
    )
    .map((group) => group.view.name);
}

function stillUsed(launchTemplate: string, serverGroup: string): GennakerError {
  return new GennakerError(
    'AWS_CONFLICT',
    `Launch template ${launchTemplate} is still used by ${serverGroup}, which is not gone yet.`,
    { details: { launchTemplate, serverGroup } },
  );
}
