import type { Simulation } from '../server/simulation.js';
import { forwardsTo } from '../status-page/forwards.js';
import type { Scope } from '../world/scope.js';

/** What a person wants to see of the world: groups with their instances and where these are registered. */
export function stateView(simulation: Simulation): object {
  simulation.settle();
  return {
    now: new Date(simulation.world.now()).toISOString(),
    scopes: simulation.world.scopes().map((scope) => ({
      account: scope.account,
      region: scope.region,
      groups: scope.tables.groups.all().map(({ name }) => groupState(scope, name)),
      instances: scope.tables.instances
        .all()
        .map(({ instanceId, imageId, state, zone }) => ({ instanceId, imageId, state, zone })),
      targetGroups: scope.tables.targetGroups.all().map(({ arn, name }) => ({
        arn,
        name,
        forwards: forwardsTo(scope, arn),
        targets: scope.tables.targets
          .where('targetGroup', arn)
          .map(({ instanceId, port, state, reason }) => ({ instanceId, port, state, reason })),
      })),
    })),
    shortages: simulation.world.capacity
      .all()
      .map(({ region, zones, instanceTypes }) => ({ region, zones, instanceTypes })),
  };
}

function groupState(scope: Scope, name: string): object {
  const group = scope.tables.groups.find(name);
  return {
    name,
    arn: group?.arn,
    status: group?.deleting ? 'Delete in progress' : undefined,
    minSize: group?.minSize,
    maxSize: group?.maxSize,
    desired: group?.desired,
    suspended: group?.suspended,
    targetGroups: group?.targetGroups,
    tags: Object.fromEntries<string>(
      (group?.tags ?? []).map(({ Key: key, Value: value }) => [key ?? '', value ?? '']),
    ),
    instances: scope.tables.members.where('group', name).map((member) => ({
      instanceId: member.instanceId,
      zone: member.zone,
      lifecycleState: member.state,
      healthStatus: member.healthy ? 'Healthy' : 'Unhealthy',
      imageId: scope.tables.instances.find(member.instanceId)?.imageId,
      targets: scope.tables.targets
        .where('instance', member.instanceId)
        .map(({ targetGroupArn, state }) => ({ targetGroupArn, state })),
    })),
  };
}
