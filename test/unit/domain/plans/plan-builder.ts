import type {
  ClusterView,
  DeployFacts,
  DeployStage,
  ServerGroupView,
  SourceSettings,
} from '@gennaker/domain';

/** A red/black of web-prod. */
export const stage: DeployStage = {
  type: 'deploy',
  refId: 'deploy',
  name: 'Deploy',
  requisiteStageRefIds: [],
  timeoutSeconds: 600,
  account: 'main',
  region: 'eu-west-1',
  stack: 'prod',
  image: { imageId: 'ami-2' },
  strategy: { type: 'redBlack' },
  targetHealthyPercent: 100,
  acceptNotCopied: [],
};

/** A server group of web-prod that serves with three instances between 2 and 6. */
export function group(name: string, changes: Partial<ServerGroupView> = {}): ServerGroupView {
  return {
    name,
    arn: `arn:${name}`,
    createdAt: '2026-01-01T00:00:00Z',
    capacity: { min: 2, desired: 3, max: 6 },
    enabled: true,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: ['tg-1'],
    imageId: 'ami-1',
    instances: serving(3),
    owner: null,
    ...changes,
  };
}

/** Healthy instances in one zone. */
export function serving(count: number): ServerGroupView['instances'] {
  return Array.from({ length: count }, (_, index) => ({
    instanceId: `i-${index}`,
    zone: 'eu-west-1a',
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: [],
    health: 'Up',
  }));
}

/** What the source hands down. */
export const settings: SourceSettings = {
  subnetIds: ['subnet-1'],
  targetGroupArns: ['tg-1'],
  suspendedProcesses: ['AZRebalance'],
  healthCheckType: 'ELB',
  healthCheckGraceSeconds: 120,
  cooldownSeconds: 10,
  terminationPolicies: ['OldestInstance'],
  tags: [],
  launchTemplate: {
    clonedFrom: { launchTemplateId: 'lt-1', version: '4' },
    instanceType: null,
    securityGroupIds: null,
    keyName: null,
    iamInstanceProfile: null,
  },
};

/** The cluster web-prod. */
export function cluster(...serverGroups: readonly ServerGroupView[]): ClusterView {
  return {
    account: 'main',
    region: 'eu-west-1',
    cluster: 'web-prod',
    observedAt: '2026-01-02T00:00:00Z',
    serverGroups,
  };
}

/** A deploy of v001 beside v000. */
export function facts(changes: Partial<DeployFacts> = {}): DeployFacts {
  return {
    stage,
    cluster: cluster(group('web-prod-v000')),
    serverGroup: 'web-prod-v001',
    imageId: 'ami-2',
    source: settings,
    unusedTargetGroupArns: [],
    ...changes,
  };
}
