import type { AwsWriteActivities, RestoreLaunchTemplateInput } from '@gennaker/contract/wire';
import {
  isSameVersion,
  versionKey,
  type LaunchTemplateVersionRef,
  type ServerGroupView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading, writing } from '../../call-options.js';
import { look, verifyUnlessGone } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { findOurVersion } from '../../observe/refreshes.js';
import { isSameGroup } from '../../observe/same-group.js';
import type { Observed } from '../../observe/watch-server-group.js';

/**
 * Deletes the version that an operation of ours made, unless somebody uses it, and then lets the group follow `$Latest` or
 * `$Default` again where it did: in this order, so that `$Latest` is never ours. Gone already is done; a launch template
 * that somebody else has set is left. Harmless twice.
 */
export function createRestoreLaunchTemplate(
  dependencies: AwsActivityDependencies,
): AwsWriteActivities['restoreLaunchTemplate'] {
  return async (input) => {
    const { context, subject, restore, versionOperationKey } = input;
    const observed = observedSubject(dependencies.aws, subject, context.priority);
    const ours = await findOurVersion(observed, restore.launch, versionOperationKey);
    if (ours !== null) await deleteVersion(dependencies, observed, ours);
    if (restore.launch.specified !== restore.launch.version) await follow(observed, input);
  };
}

async function deleteVersion(
  { logger }: AwsActivityDependencies,
  { region, priority }: Observed,
  ours: LaunchTemplateVersionRef,
): Promise<void> {
  const version = versionKey(ours);
  const users = await region.listLaunchTemplateUsers(ours.launchTemplateId, reading(priority));
  const using = users.filter((user) => user.version === ours.version);
  if (using.length > 0) {
    const serverGroups = using.map((user) => user.serverGroup);
    logger.warn({ version, serverGroups }, 'launch template version is kept: it is used');
    return;
  }
  const { outcome, reason } = await region.deleteLaunchTemplateVersion(
    ours,
    await writing(priority),
  );
  if (outcome === 'kept') logger.warn({ version, reason }, 'launch template version is kept');
}

async function follow(observed: Observed, { restore }: RestoreLaunchTemplateInput): Promise<void> {
  const { region, serverGroup, priority } = observed;
  const { launch } = restore;
  const group = await look(observed);
  if (group === null || group.deleting || !isSameGroup(group, restore.arn)) return;
  if (!isSameVersion(group.launchTemplate, launch)) return;
  const followed = { ...launch, version: launch.specified };
  const isSo = (seen: ServerGroupView): boolean => isSameVersion(seen.launchTemplate, followed);
  await region.updateLaunchTemplate(serverGroup, followed, await writing(priority));
  const expected = `launch template ${versionKey(followed)}`;
  await verifyUnlessGone(observed, { withHealth: false, expected, isSo });
}
