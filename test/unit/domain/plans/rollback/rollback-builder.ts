import {
  planRollback,
  rollbackTarget,
  type DeployPlan,
  type InstanceView,
  type RecordedDeploy,
  type RecordedState,
  type RollbackClusterStage,
  type RollbackFacts,
  type ServerGroupView,
} from '@gennaker/domain';
import { cluster, group, serving, settings } from '../plan-builder.js';

/** A rollback of web-prod from v001 to v000. */
export const stage: RollbackClusterStage = {
  type: 'rollbackCluster',
  refId: 'rollback',
  name: 'Roll back',
  requisiteStageRefIds: [],
  timeoutSeconds: 600,
  account: 'main',
  region: 'eu-west-1',
  cluster: 'web-prod',
  toServerGroup: 'web-prod-v000',
  expectedServing: 'web-prod-v001',
  targetHealthyPercent: 100,
};

/** What our disable suspends. */
export const held = ['Launch', 'Terminate', 'AddToLoadBalancer', 'HealthCheck', 'ReplaceUnhealthy'];
/** Kept warm, out of traffic. */
export const warm = group('web-prod-v000', { enabled: false, suspendedProcesses: held });
/** What serves. */
export const bad = group('web-prod-v001', { instances: up(3) });

/** Instances that are healthy in their target group. */
export function up(count: number): readonly InstanceView[] {
  return serving(count).map((one) => ({
    ...one,
    targetHealth: [{ targetGroupArn: 'tg-1', state: 'healthy' }],
  }));
}

interface Changes {
  readonly stage?: Partial<RollbackClusterStage>;
  readonly groups?: readonly ServerGroupView[];
  readonly recorded?: RecordedState;
  readonly lastDeploy?: RecordedDeploy | null;
  readonly unused?: readonly string[];
  readonly suspended?: readonly string[];
}

/** The plan of a rollback, ordinary but for the changes. */
export function planned(changes: Changes = {}): DeployPlan {
  const view = cluster(...(changes.groups ?? [warm, bad]));
  const asked: RollbackClusterStage = { ...stage, ...changes.stage };
  const pair = rollbackTarget(asked, view, changes.lastDeploy ?? null);
  const facts: RollbackFacts = {
    stage: asked,
    cluster: view,
    serverGroup: pair.target.name,
    settings: { ...settings, suspendedProcesses: changes.suspended ?? held },
    imageId: 'ami-0',
    recorded: changes.recorded ?? null,
    unusedTargetGroupArns: changes.unused ?? [],
  };
  return planRollback(facts, pair);
}

/** What an execution has recorded of v000. */
export function recordedState(capacity: {
  min: number;
  desired: number;
  max: number;
}): RecordedState {
  const restore = {
    capacity,
    suspendedProcesses: [],
    targetGroupArns: ['tg-1'],
    registered: {},
    instancesInService: capacity.desired,
    owner: null,
  };
  return { executionId: 'E', restore };
}

/** A deploy that has succeeded. */
export function deployed(source: string | null, target: string): RecordedDeploy {
  const plan = planned();
  return {
    executionId: 'E',
    plan: {
      ...plan,
      strategy: 'redBlack',
      source: source === null ? null : { serverGroup: source, arn: 'arn', imageId: null },
      target: { ...plan.target, serverGroup: target },
    },
  };
}

/** The same without what is named: nobody says what comes back, or what should serve. */
export function without(
  ...names: readonly ('toServerGroup' | 'expectedServing')[]
): RollbackClusterStage {
  const { toServerGroup, expectedServing, ...rest } = stage;
  return {
    ...rest,
    ...(!names.includes('toServerGroup') && toServerGroup !== undefined && { toServerGroup }),
    ...(!names.includes('expectedServing') && expectedServing !== undefined && { expectedServing }),
  };
}

/** What the work throws; it must. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
