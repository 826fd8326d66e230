import type {
  CompleteLifecycleActionType,
  DeleteLifecycleHookType,
  DescribeLifecycleHooksType,
  DescribeLifecycleHookTypesAnswer,
  LifecycleHook,
  LifecycleHookSpecification,
  PutLifecycleHookType,
  RecordLifecycleActionHeartbeatType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import { checkLength, checkRange } from '../groups/checks.js';
import { getGroup } from '../groups/group-access.js';
import { endAction, findAction, prolongAction } from './lifecycle-actions.js';

const TRANSITIONS = [
  'autoscaling:EC2_INSTANCE_LAUNCHING',
  'autoscaling:EC2_INSTANCE_TERMINATING',
] as const;
const HEARTBEAT_SECONDS = 3600;
const GLOBAL_SECONDS_MAX = 172_800;
const HOOKS_MAX = 50;

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html */
export const lifecycleHookHandlers: Handlers = {
  PutLifecycleHook: ({ scope }: Call, input: PutLifecycleHookType) => {
    putHook(scope, input);
    return {};
  },
  DeleteLifecycleHook: ({ scope }: Call, input: DeleteLifecycleHookType) => {
    const { name } = getGroup(scope, input.AutoScalingGroupName);
    const key = `${name}|${input.LifecycleHookName}`;
    const hook = scope.tables.hooks.find(key)?.hook;
    if (hook === undefined)
      throw validationError(`No Lifecycle Hook found with name: ${input.LifecycleHookName}`);
    scope.tables.hooks.delete(key);
    // "If there are any outstanding lifecycle actions, they are completed first (ABANDON for launching, CONTINUE for terminating)."
    const result = hook.LifecycleTransition === TRANSITIONS[0] ? 'ABANDON' : 'CONTINUE';
    for (const action of scope.tables.lifecycleActions.where('group', name)) {
      if (action.hook === input.LifecycleHookName) endAction(scope, action, result);
    }
    return {};
  },
  DescribeLifecycleHooks: ({ scope }: Call, input: DescribeLifecycleHooksType) => ({
    LifecycleHooks: scope.tables.hooks
      .where('group', getGroup(scope, input.AutoScalingGroupName).name)
      .map(({ hook }) => hook)
      .filter((hook) => input.LifecycleHookNames?.includes(hook.LifecycleHookName ?? '') ?? true),
  }),
  DescribeLifecycleHookTypes: (): DescribeLifecycleHookTypesAnswer => ({
    LifecycleHookTypes: [...TRANSITIONS],
  }),
  CompleteLifecycleAction: ({ scope }: Call, input: CompleteLifecycleActionType) => {
    const result = input.LifecycleActionResult ?? '';
    if (result !== 'CONTINUE' && result !== 'ABANDON') {
      throw validationError(
        `Lifecycle Action Result must be CONTINUE or ABANDON, but was '${result}'`,
      );
    }
    endAction(scope, getAction(scope, input), result);
    return {};
  },
  RecordLifecycleActionHeartbeat: ({ scope }: Call, input: RecordLifecycleActionHeartbeatType) => {
    prolongAction(scope, getAction(scope, input));
    return {};
  },
};

/** Puts a hook; of an existing one only what is given changes. Refused: a new one without a transition. */
export function putHook(
  scope: Scope,
  input: PutLifecycleHookType | (LifecycleHookSpecification & { AutoScalingGroupName: string }),
): void {
  const group = getGroup(scope, input.AutoScalingGroupName);
  checkLength('lifecycleHookName', input.LifecycleHookName, 255);
  if (!/^[A-Za-z0-9\-_/]+$/.test(input.LifecycleHookName ?? '')) {
    throw validationError(
      `1 validation error detected: Value '${input.LifecycleHookName}' at 'lifecycleHookName' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9\\-_\\/]+`,
    );
  }
  checkRange('HeartbeatTimeout', input.HeartbeatTimeout, { min: 30, max: 7200 });
  const key = `${group.name}|${input.LifecycleHookName}`;
  const known = scope.tables.hooks.find(key)?.hook;
  if (known === undefined && scope.tables.hooks.where('group', group.name).length >= HOOKS_MAX) {
    throw new AwsError(
      'LimitExceeded',
      `Limit of ${HOOKS_MAX} lifecycle hooks per AutoScalingGroup exceeded`,
    );
  }
  checkWords(input, known);
  const seconds = input.HeartbeatTimeout ?? known?.HeartbeatTimeout ?? HEARTBEAT_SECONDS;
  const given = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  );
  const hook: LifecycleHook = {
    DefaultResult: 'ABANDON',
    ...known,
    ...given,
    GlobalTimeout: Math.min(seconds * 100, GLOBAL_SECONDS_MAX),
    HeartbeatTimeout: seconds,
    AutoScalingGroupName: group.name,
  };
  scope.tables.hooks.put(key, { group: group.name, hook });
}

function checkWords(input: PutLifecycleHookType, known: LifecycleHook | undefined): void {
  const transition = input.LifecycleTransition ?? known?.LifecycleTransition;
  if (transition === undefined)
    throw validationError('Lifecycle transition is required when creating a lifecycle hook');
  if (!TRANSITIONS.some((name) => name === transition)) {
    throw validationError(
      `Invalid lifecycle transition: ${transition}. Valid values are: ${TRANSITIONS.join(', ')}`,
    );
  }
  const result = input.DefaultResult ?? 'ABANDON';
  if (result !== 'CONTINUE' && result !== 'ABANDON')
    throw validationError(`DefaultResult must be CONTINUE or ABANDON, but was '${result}'`);
}

function getAction(scope: Scope, input: RecordLifecycleActionHeartbeatType) {
  const { name } = getGroup(scope, input.AutoScalingGroupName);
  const { LifecycleActionToken: token, InstanceId: instanceId } = input;
  if (token === undefined && instanceId === undefined)
    throw validationError('Either LifecycleActionToken or InstanceId must be specified');
  const action = findAction(scope, {
    group: name,
    hook: input.LifecycleHookName ?? '',
    token,
    instanceId,
  });
  if (action !== undefined) return action;
  const by = token === undefined ? `instance ID ${instanceId}` : `token ${token}`;
  throw validationError(`No active Lifecycle Action found with ${by}`);
}
