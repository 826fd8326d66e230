import { isMadeByOperation, isOwnedBy, type AwsRegion, type FoundTargetGroup } from '@gennaker/aws';
import type { EnsureTargetGroupInput, TargetGroupActivities } from '@gennaker/contract/wire';
import { GennakerError, type ErrorCode } from '@gennaker/domain';
import { Context } from '@temporalio/activity';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading, writing } from '../../call-options.js';
import { findPersistently } from '../../observe/persistently.js';
import { nameConflict } from './ownership.js';

const kind = 'Target group';

/**
 * Makes a target group as another one is (CreateTargetGroup, ModifyTargetGroupAttributes) and finds it by its name with our
 * tags: ELBv2 gives a stranger's of equal settings as if it had made it. A repeated attempt looks first; a second call
 * writes the same attributes again. Throws NAME_CONFLICT, SUBJECT_VANISHED (the original is gone), NOT_CARRIED_OVER.
 */
export function createEnsureTargetGroup({
  aws,
}: AwsActivityDependencies): TargetGroupActivities['ensureTargetGroup'] {
  return async (input) => {
    const { context, subject, targetGroupName: name } = input;
    const region = aws.region(subject.account, subject.region);
    const settings = await originalSettings(region, input);
    const repeated = Context.current().info.attempt > 1;
    const options = reading(context.priority);
    const there = repeated ? await region.findTargetGroup(name, options) : undefined;
    if (there === undefined) {
      await region.createTargetGroup(
        { name, settings, owner: context, expiresAt: input.expiresAt },
        await writing(context.priority),
      );
    }
    const made = await findPersistently(
      () => region.findTargetGroup(name, options),
      options.signal,
    );
    const { arn } = ofThisStep(made, input);
    await region.writeTargetGroupAttributes(
      { targetGroupArn: arn, settings },
      await writing(context.priority),
    );
    return { targetGroupArn: arn };
  };
}

/**
 * Deletes a target group by its name (DeleteTargetGroup), only one that carries our owner tags; looks first, always. Gone is
 * done. Throws NAME_CONFLICT; AWS_CONFLICT while a listener or a rule forwards to it.
 */
export function createDeleteTargetGroup({
  aws,
}: AwsActivityDependencies): TargetGroupActivities['deleteTargetGroup'] {
  return async ({ context, subject, targetGroupName: name }) => {
    const region = aws.region(subject.account, subject.region);
    const options = reading(context.priority);
    const found = await findPersistently(
      () => region.findTargetGroup(name, options),
      options.signal,
    );
    if (found === undefined) return;
    if (!isOwnedBy(found.tags, context)) throw nameConflict({ kind, name }, found.tags);
    await region.deleteTargetGroup(found.arn, await writing(context.priority));
  };
}

async function originalSettings(region: AwsRegion, { context, copyOf }: EnsureTargetGroupInput) {
  try {
    return await region.readTargetGroupSettings(copyOf, reading(context.priority));
  } catch (error) {
    const gone: ErrorCode = 'AWS_NOT_FOUND';
    if (!(error instanceof GennakerError) || error.code !== gone) throw error;
    throw new GennakerError(
      'SUBJECT_VANISHED',
      `Target group ${copyOf} cannot be copied: someone else deleted it.`,
      { details: { targetGroupArn: copyOf }, cause: error },
    );
  }
}

function ofThisStep(
  found: FoundTargetGroup | undefined,
  { context, targetGroupName: name }: EnsureTargetGroupInput,
): FoundTargetGroup {
  if (found === undefined) {
    throw new GennakerError('AWS_NOT_FOUND', `${kind} ${name} was made, but does not show yet.`, {
      details: { targetGroupName: name },
    });
  }
  if (isMadeByOperation(found.tags, context.operationKey)) return found;
  throw nameConflict({ kind, name }, found.tags);
}
