import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import type { LifecycleActionRecord, MemberRecord } from '../records.js';

type ActionResult = 'CONTINUE' | 'ABANDON';

/**
 * A lifecycle action: under way → completed, or its heartbeat or the global time has run out (the default result).
 * All hooks of a transition run side by side; ABANDON ends the others, CONTINUE waits for them.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
 */
export const lifecycleActionTransitions: Readonly<Record<string, Transition>> = {
  'action:expired': (scope, key) => {
    const action = scope.tables.lifecycleActions.find(key);
    if (action === undefined) return;
    endAction(scope, action, action.defaultResult === 'CONTINUE' ? 'CONTINUE' : 'ABANDON');
  },
};

/** Begins an action for each hook of the transition; false when there is none. */
export function beginActions(
  scope: Scope,
  member: MemberRecord,
  transition: 'LAUNCHING' | 'TERMINATING',
): boolean {
  const hooks = scope.tables.hooks
    .where('group', member.group)
    .filter(({ hook }) => hook.LifecycleTransition === `autoscaling:EC2_INSTANCE_${transition}`);
  for (const { hook } of hooks) {
    const seconds = hook.HeartbeatTimeout ?? 0;
    const hex = scope.world.nextHex(32);
    const action: LifecycleActionRecord = {
      group: member.group,
      instanceId: member.instanceId,
      hook: hook.LifecycleHookName ?? '',
      token: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
      heartbeatSeconds: seconds,
      defaultResult: hook.DefaultResult ?? 'ABANDON',
      endsAt: scope.now() + (hook.GlobalTimeout ?? 0) * 1000,
    };
    scope.tables.lifecycleActions.put(keyOf(action), action);
    scope.reschedule('action:expired', keyOf(action), seconds);
  }
  return hooks.length > 0;
}

/** A heartbeat: the time begins anew, but never beyond the global time. */
export function prolongAction(scope: Scope, action: LifecycleActionRecord): void {
  const left = (action.endsAt - scope.now()) / 1000;
  scope.reschedule('action:expired', keyOf(action), Math.min(action.heartbeatSeconds, left));
}

/** Ends an action. After the last one, or an ABANDON, the member goes on (`member:proceeds`). */
export function endAction(scope: Scope, action: LifecycleActionRecord, result: ActionResult): void {
  dropAction(scope, action);
  if (result === 'ABANDON') {
    dropActions(scope, action.instanceId);
    scope.tables.members.update(action.instanceId, { abandoned: true });
  }
  const isLast = scope.tables.lifecycleActions.where('instance', action.instanceId).length === 0;
  if (isLast) scope.reschedule('member:proceeds', action.instanceId, 0);
}

/** Ends all actions of an instance without a result: nobody waits for them any more. */
export function dropActions(scope: Scope, instanceId: string): void {
  for (const action of scope.tables.lifecycleActions.where('instance', instanceId))
    dropAction(scope, action);
}

export function findAction(
  scope: Scope,
  wanted: {
    readonly group: string;
    readonly hook: string;
    readonly token: string | undefined;
    readonly instanceId: string | undefined;
  },
): LifecycleActionRecord | undefined {
  return scope.tables.lifecycleActions
    .where('group', wanted.group)
    .find(
      (action) =>
        action.hook === wanted.hook &&
        (wanted.token ?? action.token) === action.token &&
        (wanted.instanceId ?? action.instanceId) === action.instanceId,
    );
}

function dropAction(scope: Scope, action: LifecycleActionRecord): void {
  scope.tables.lifecycleActions.delete(keyOf(action));
  scope.cancel('action:expired', keyOf(action));
}

function keyOf(action: Pick<LifecycleActionRecord, 'instanceId' | 'hook'>): string {
  return `${action.instanceId}|${action.hook}`;
}
