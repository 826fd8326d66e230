import { GennakerError, type ServerGroupView } from '@gennaker/domain';

/** Whether the group is the one that was meant: groups are compared by ARN, a name is used again (DESIGN D10). */
export function isSameGroup(group: Pick<ServerGroupView, 'arn'>, arn: string | null): boolean {
  return arn === null || group.arn === arn;
}

/** Throws SUBJECT_VANISHED when another group has taken the name since. */
export function assertSameGroup(
  group: Pick<ServerGroupView, 'arn' | 'name'>,
  arn: string | null,
): void {
  if (isSameGroup(group, arn)) return;
  throw new GennakerError(
    'SUBJECT_VANISHED',
    `Server group ${group.name} is not the one that this stage works on (${arn}): someone removed that one and made ` +
      `another of the same name (${group.arn}).`,
    { details: { serverGroup: group.name, expectedArn: arn, foundArn: group.arn } },
  );
}
