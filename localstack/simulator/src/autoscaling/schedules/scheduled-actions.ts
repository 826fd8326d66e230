import type {
  BatchDeleteScheduledActionAnswer,
  BatchDeleteScheduledActionType,
  BatchPutScheduledUpdateGroupActionAnswer,
  BatchPutScheduledUpdateGroupActionType,
  DeleteScheduledActionType,
  DescribeScheduledActionsType,
  FailedScheduledUpdateGroupActionRequest,
  PutScheduledUpdateGroupActionType,
  ScheduledActionsType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import { checkCount, checkLength, checkRange } from '../groups/checks.js';
import { checkTimeZone, parseCron } from './cron.js';
import { getGroup, getLiveGroup } from '../groups/group-access.js';
import { planAction } from './scheduled-runs.js';

const ACTIONS_MAX = 125;
const CALL_MAX = 50;
const SIZE_MAX = 2_147_483_647;

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html */
export const scheduledActionHandlers: Handlers = {
  PutScheduledUpdateGroupAction: ({ scope }: Call, input: PutScheduledUpdateGroupActionType) => {
    putAction(scope, input);
    return {};
  },
  BatchPutScheduledUpdateGroupAction: (
    { scope }: Call,
    input: BatchPutScheduledUpdateGroupActionType,
  ): BatchPutScheduledUpdateGroupActionAnswer => {
    const { AutoScalingGroupName } = input;
    getLiveGroup(scope, AutoScalingGroupName);
    const actions = input.ScheduledUpdateGroupActions ?? [];
    checkCount('scheduledUpdateGroupActions', actions, CALL_MAX);
    return {
      FailedScheduledUpdateGroupActions: actions.flatMap((action) =>
        failuresOf(action.ScheduledActionName, () =>
          putAction(scope, { ...action, AutoScalingGroupName }),
        ),
      ),
    };
  },
  DeleteScheduledAction: ({ scope }: Call, input: DeleteScheduledActionType) => {
    deleteAction(scope, input);
    return {};
  },
  BatchDeleteScheduledAction: (
    { scope }: Call,
    input: BatchDeleteScheduledActionType,
  ): BatchDeleteScheduledActionAnswer => {
    const { AutoScalingGroupName, ScheduledActionNames: names = [] } = input;
    getGroup(scope, AutoScalingGroupName);
    checkCount('scheduledActionNames', names, CALL_MAX);
    return {
      FailedScheduledActions: names.flatMap((name) =>
        failuresOf(name, () =>
          deleteAction(scope, { AutoScalingGroupName, ScheduledActionName: name }),
        ),
      ),
    };
  },
  DescribeScheduledActions: (
    { scope, reading }: Call,
    input: DescribeScheduledActionsType,
  ): ScheduledActionsType => {
    const from = input.StartTime?.getTime() ?? -Infinity;
    const until = input.EndTime?.getTime() ?? Infinity;
    const rows = scope.tables.scheduledActions
      .all()
      .map(({ action }) => action)
      .filter(
        ({ AutoScalingGroupName: group, ScheduledActionName: name = '', StartTime: start }) =>
          (input.AutoScalingGroupName ?? group) === group &&
          (input.ScheduledActionNames?.includes(name) ??
            ((start?.getTime() ?? 0) >= from && (start?.getTime() ?? 0) <= until)),
      );
    const page = reading.page({
      rows,
      key: ({ ScheduledActionARN: arn }) => arn ?? '',
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return { ScheduledUpdateGroupActions: [...page.items], NextToken: page.nextToken };
  },
};

/** A batch goes on after a refusal, and lists it. */
function failuresOf(
  name: string | undefined,
  act: () => void,
): FailedScheduledUpdateGroupActionRequest[] {
  try {
    act();
    return [];
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return [{ ScheduledActionName: name, ErrorCode: error.code, ErrorMessage: error.message }];
  }
}

function putAction(scope: Scope, input: PutScheduledUpdateGroupActionType): void {
  const group = getLiveGroup(scope, input.AutoScalingGroupName);
  const name = input.ScheduledActionName ?? '';
  checkLength('scheduledActionName', name, 255);
  const key = `${group.name}|${name}`;
  const known = scope.tables.scheduledActions.find(key)?.action;
  const others = scope.tables.scheduledActions
    .where('group', group.name)
    .filter(({ action }) => action.ScheduledActionName !== name);
  if (others.length >= ACTIONS_MAX)
    throw new AwsError('LimitExceeded', `At most ${ACTIONS_MAX} scheduled actions are allowed`);
  const { Time: time, StartTime: start = time, ...rest } = input;
  checkAction(scope, { ...rest, StartTime: start });
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const clash = others.find(
    ({ action }) => start !== undefined && action.StartTime?.getTime() === start.getTime(),
  );
  if (clash !== undefined && input.Recurrence === undefined) {
    throw new AwsError(
      'AlreadyExists',
      `A scheduled action with that start time exists already: ${clash.action.ScheduledActionName}`,
    );
  }
  const arn = `arn:aws:autoscaling:${scope.region}:${scope.account}:scheduledUpdateGroupAction:${scope.world.nextHex(32)}:autoScalingGroupName/${group.name}:scheduledActionName/${name}`;
  scope.tables.scheduledActions.put(key, {
    group: group.name,
    action: {
      ...known,
      ...given,
      ...(start === undefined ? {} : { StartTime: start }),
      AutoScalingGroupName: group.name,
      ScheduledActionARN: known?.ScheduledActionARN ?? arn,
    },
  });
  planAction(scope, key);
}

function checkAction(scope: Scope, input: PutScheduledUpdateGroupActionType): void {
  const { MinSize: min, MaxSize: max, DesiredCapacity: desired } = input;
  for (const [label, size] of Object.entries({ MinSize: min, MaxSize: max, Desired: desired }))
    checkRange(label, size, { min: 0, max: SIZE_MAX });
  if (min === undefined && max === undefined && desired === undefined)
    throw validationError('At least one of MinSize, MaxSize and DesiredCapacity must be specified');
  if ((min ?? 0) > (max ?? Infinity))
    throw validationError('Max bound must be greater than or equal to min bound');
  const start = input.StartTime?.getTime();
  const end = input.EndTime?.getTime();
  if (start !== undefined && start < scope.now())
    throw validationError('Given start time is in the past');
  if (end !== undefined && end < Math.max(start ?? 0, scope.now()))
    throw validationError('Given end time is before the start time or in the past');
  if (start === undefined && input.Recurrence === undefined)
    throw validationError('Either a start time or a recurrence must be specified');
  if (input.Recurrence !== undefined) parseCron(input.Recurrence);
  if (input.TimeZone !== undefined) checkTimeZone(input.TimeZone);
}

function deleteAction(scope: Scope, input: DeleteScheduledActionType): void {
  const { name } = getGroup(scope, input.AutoScalingGroupName);
  const key = `${name}|${input.ScheduledActionName}`;
  if (scope.tables.scheduledActions.find(key) === undefined)
    throw validationError(`Scheduled action name not found - ${input.ScheduledActionName}`);
  scope.tables.scheduledActions.delete(key);
  scope.cancel('schedule:due', key);
}
