import type { InstanceView, ServerGroupView } from './cluster.js';

/** ELBv2 states of a target that is on its way out. */
export const drainingStates: readonly string[] = ['draining', 'unhealthy.draining'];
/** Reasons of the state `unused` that a registered target can have: no listener uses the group, or the machine is stopped. */
const registeredButUnused: readonly string[] = ['Target.NotInUse', 'Target.InvalidState'];

/** Whether the instance is a target of the group and stays one (a draining target is on its way out). ELBv2 target states. */
export function isRegistered(instance: InstanceView, targetGroupArn: string): boolean {
  return instance.targetHealth.some((one) => {
    if (one.targetGroupArn !== targetGroupArn || drainingStates.includes(one.state)) return false;
    return one.state !== 'unused' || registeredButUnused.includes(one.reason ?? '');
  });
}

/** Whether the instance is a target of any of its server group's target groups and stays one. */
export function isRegisteredAnywhere(instance: InstanceView, group: ServerGroupView): boolean {
  return group.targetGroupArns.some((arn) => isRegistered(instance, arn));
}

/** Whether requests may still be under way to an instance that is on its way out of a target group. */
export function isDraining(instance: InstanceView): boolean {
  return instance.targetHealth.some(({ state }) => drainingStates.includes(state));
}
