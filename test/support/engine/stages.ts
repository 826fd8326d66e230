import type {
  CheckPreconditionsStage,
  DeployStage,
  FindImageStage,
  ManualJudgmentStage,
  RollbackClusterStage,
  ServerGroupSelection,
  WaitStage,
} from '@gennaker/domain';

const place = { account: 'demo', region: 'eu-west-1' } as const;

function base(refId: string, after: readonly string[]) {
  return { refId, name: refId, requisiteStageRefIds: after, timeoutSeconds: 60 };
}

/** Builders of stages for tests: what the test is about is given, the rest is ordinary. */
export function waitStage(
  refId: string,
  waitSeconds: number,
  after: readonly string[] = [],
): WaitStage {
  return { ...base(refId, after), type: 'wait', waitSeconds, timeoutSeconds: waitSeconds + 60 };
}

export function findImageStage(refId = 'find', after: readonly string[] = []): FindImageStage {
  return {
    ...base(refId, after),
    ...place,
    type: 'findImage',
    owners: ['self'],
    imageName: 'web-1.0.0',
  };
}

export function deployStage(
  parts: Partial<DeployStage> = {},
  after: readonly string[] = [],
): DeployStage {
  return {
    ...base('deploy', after),
    ...place,
    type: 'deploy',
    stack: 'prod',
    image: { imageId: 'ami-00000001' },
    strategy: { type: 'redBlack' },
    targetHealthyPercent: 100,
    acceptNotCopied: [],
    ...parts,
  };
}

export function judgmentStage(
  refId: string,
  parts: Partial<ManualJudgmentStage> = {},
  after: readonly string[] = [],
): ManualJudgmentStage {
  return { ...base(refId, after), type: 'manualJudgment', judgmentInputs: [], ...parts };
}

export function rollbackStage(parts: Partial<RollbackClusterStage> = {}): RollbackClusterStage {
  return {
    ...base('rollback', []),
    ...place,
    type: 'rollbackCluster',
    cluster: 'web-prod',
    expectedServing: 'web-prod-v001',
    targetHealthyPercent: 100,
    ...parts,
  };
}

/** Of a stage on one server group: what its type does not say itself. */
export function onServerGroup(parts: { readonly timeoutSeconds?: number } = {}) {
  const serverGroup: ServerGroupSelection = { cluster: 'web-prod', target: 'previous' };
  return { ...base('change', []), ...place, serverGroup, ...parts };
}

export function failingStage(
  refId: string,
  after: readonly string[] = [],
): CheckPreconditionsStage {
  return {
    ...base(refId, after),
    type: 'checkPreconditions',
    preconditions: [
      { type: 'stageOutput', stage: 'nowhere', output: 'nothing', comparison: '==', expected: 1 },
    ],
  };
}
