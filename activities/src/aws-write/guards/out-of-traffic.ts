import { GennakerError, isRegisteredAnywhere, type ServerGroupView } from '@gennaker/domain';

/**
 * Returns if no request can reach the group as it was just seen with its health: it is disabled, and none of its instances
 * is registered in a target group of it. Throws TRAFFIC_GUARD; nothing was changed then.
 */
export function assertOutOfTraffic(group: ServerGroupView): void {
  const registered = group.instances.filter((one) => isRegisteredAnywhere(one, group)).length;
  if (!group.enabled && registered === 0) return;
  const found = group.enabled
    ? 'it is enabled'
    : `${registered} of its instances are registered in its target groups`;
  throw new GennakerError(
    'TRAFFIC_GUARD',
    `${group.name} is left as it is: it should be out of traffic, but ${found}. Nothing was changed.`,
    { details: { serverGroup: group.name, registered } },
  );
}
