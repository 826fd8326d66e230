import {
  planRollback,
  rollbackTarget,
  type ClusterView,
  type DeployPlan,
  type RollbackClusterStage,
  type RollbackFacts,
  type ServerGroupView,
} from '@gennaker/domain';
import { scriptedSettings } from './scripted-settings.js';

/** A rollback of web-prod from v001, which serves with three instances, to v000, which is kept warm. */
export function scriptedRollback(stage: RollbackClusterStage): DeployPlan {
  const { account, region, cluster: name } = stage;
  const cluster: ClusterView = {
    account,
    region,
    cluster: name,
    observedAt: '2026-01-01T00:00:00Z',
    serverGroups: [group('web-prod-v000', false), group('web-prod-v001', true)],
  };
  const named = { ...stage, toServerGroup: stage.toServerGroup ?? 'web-prod-v000' };
  const pair = rollbackTarget(named, cluster, null);
  return planRollback({ ...facts, stage: named, cluster, serverGroup: pair.target.name }, pair);
}

const facts: Omit<RollbackFacts, 'stage' | 'cluster' | 'serverGroup'> = {
  settings: scriptedSettings,
  imageId: 'ami-00000000',
  recorded: null,
  unusedTargetGroupArns: [],
};

function group(name: string, enabled: boolean): ServerGroupView {
  return {
    name,
    arn: `arn:${name}`,
    createdAt: '2026-01-01T00:00:00Z',
    capacity: { min: 3, desired: 3, max: 3 },
    enabled,
    deleting: false,
    suspendedProcesses: enabled ? [] : ['Launch', 'Terminate', 'AddToLoadBalancer'],
    targetGroupArns: ['arn:tg'],
    imageId: null,
    instances: Array.from({ length: 3 }, (_, index) => ({
      instanceId: `i-${name}-${index}`,
      zone: 'eu-west-1a',
      lifecycleState: 'InService',
      healthStatus: 'Healthy',
      targetHealth: [{ targetGroupArn: 'arn:tg', state: enabled ? 'healthy' : 'unused' }],
      health: enabled ? 'Up' : 'OutOfService',
    })),
    owner: null,
  };
}
