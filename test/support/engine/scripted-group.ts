import type { ServerGroupView } from '@gennaker/domain';

/** A server group that serves with three instances, as a look at a scripted cluster shows it. */
export function scriptedGroup(
  name: string,
  changes: Partial<ServerGroupView> = {},
): ServerGroupView {
  const instances = [1, 2, 3].map((n) => ({
    instanceId: `i-${n}`,
    zone: 'eu-west-1a',
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: [],
    health: 'Up' as const,
  }));
  return {
    name,
    arn: `arn:${name}`,
    createdAt: '2026-01-01T00:00:00Z',
    capacity: { min: 3, desired: 3, max: 3 },
    enabled: true,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: ['arn:tg'],
    imageId: null,
    instances,
    owner: null,
    ...changes,
  };
}
