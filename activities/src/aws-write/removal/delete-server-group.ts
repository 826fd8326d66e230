import type { AwsWriteActivities, OperationContext } from '@gennaker/contract/wire';
import { GennakerError, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { look } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';

/**
 * Deletes a server group with its instances (DeleteAutoScalingGroup, ForceDelete), only one that carries our owner tags;
 * it looks first, always. Gone, or on its way out, is done. Throws NAME_CONFLICT for a group of someone else.
 */
export function createDeleteServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['deleteServerGroup'] {
  return async ({ context, subject }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await look(observed);
    if (group === null || group.deleting) return;
    assertOwned(group, context);
    await observed.region.deleteAutoScalingGroup(
      { serverGroup: subject.serverGroup, force: true },
      await writing(context.priority),
    );
  };
}

function assertOwned(group: ServerGroupView, context: OperationContext): void {
  const { owner } = group;
  if (owner?.executionId === context.executionId && owner.stage === context.stage) return;
  const whose =
    owner === null
      ? 'was made by someone else (it has none of our tags)'
      : `belongs to execution ${owner.executionId}, stage ${owner.stage}`;
  throw new GennakerError(
    'NAME_CONFLICT',
    `${group.name} was not deleted: it ${whose}, not to execution ${context.executionId}, stage ${context.stage}.`,
    { details: { serverGroup: group.name, owner: owner === null ? null : { ...owner } } },
  );
}
