import type { LaunchTemplateVersionRef, ServerGroupView } from '../groups/cluster.js';
import { isSameVersion } from './instance-refresh.js';

/**
 * Instances that Auto Scaling counts as in service and healthy although no target group sends them requests yet, which a way
 * back must wait for: it may end instances of `ours` that serve on their account (that it looks at targets is said nowhere).
 * 0 where none of ours serves, since then ending them costs nothing, and for a group out of traffic. Pure.
 */
export function stillStarting(
  group: ServerGroupView,
  ours: LaunchTemplateVersionRef | null,
): number {
  if (!group.enabled) return 0;
  const counted = group.instances.filter(
    ({ lifecycleState, healthStatus }) =>
      lifecycleState === 'InService' && healthStatus === 'Healthy',
  );
  const oursServe = counted.some(
    ({ health, launchTemplate }) => health === 'Up' && isSameVersion(launchTemplate, ours),
  );
  if (!oursServe) return 0;
  return counted.filter(({ health }) => health === 'Starting' || health === 'Down').length;
}
