import {
  foldExecution,
  type CancelIntent,
  type ClusterView,
  type DeployPlan,
  type EventRecord,
  type ExecutionEvent,
  type ExecutionState,
  type ServerGroupView,
  type UndoEntry,
} from '@gennaker/domain';

export const executionId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
export const at = '2026-01-01T00:00:00.000Z';

/** `refId` to the stages before it. */
export type Graph = Readonly<Record<string, readonly string[]>>;

export function record(event: ExecutionEvent, n = 0): EventRecord {
  return { key: `w:1:${n}`, at, event };
}

export function created(graph: Graph): ExecutionState {
  const stages = Object.entries(graph).map(([refId, requisiteStageRefIds]) => ({
    refId,
    name: refId,
    type: 'deploy',
    requisiteStageRefIds,
  }));
  const execution = {
    executionId,
    application: 'web',
    pipelineName: 'test',
    pipelineVersion: 1,
    createdBy: 'test',
    stages,
  };
  return foldExecution(null, record({ kind: 'execution.created', execution }));
}

export function after(state: ExecutionState, ...events: readonly ExecutionEvent[]): ExecutionState {
  return events.reduce<ExecutionState>((sum, event) => foldExecution(sum, record(event)), state);
}

export function started(refId: string, attempt = 1): ExecutionEvent {
  return { kind: 'stage.started', refId, attempt, deadline: at };
}

export function finished(
  refId: string,
  status: 'SUCCEEDED' | 'TERMINAL' | 'CANCELED',
  attempt = 1,
): ExecutionEvent {
  const outputs = status === 'SUCCEEDED' ? { by: attempt } : {};
  return { kind: 'stage.finished', refId, attempt, status, outputs, error: null, summary: null };
}

export function retryAccepted(refId: string, attempt = 2, requestId = 'key'): ExecutionEvent {
  const request = { requestId, bodyHash: 'h', by: 'me', reason: '', acceptedServerGroup: null };
  return { kind: 'retry.accepted', refId, attempt, request };
}

export function cancelAccepted(intent: CancelIntent, requestId = 'cancel'): ExecutionEvent {
  const request = { requestId, bodyHash: 'h', by: 'me', reason: '', steps: [], latestEnd: at };
  return { kind: 'cancel.accepted', request: { ...request, intent } };
}

export function undoRecorded(refId: string, entry: UndoEntry, attempt = 1): ExecutionEvent {
  return { kind: 'undo.recorded', refId, attempt, entry };
}

export const place = { account: 'demo', region: 'eu-west-1' } as const;

export function destroyEntry(
  id = 'create',
  serverGroup = 'web-v001',
): Extract<UndoEntry, { operation: 'destroyServerGroup' }> {
  const subject = { ...place, serverGroup };
  return { id, operation: 'destroyServerGroup', title: `Destroy ${serverGroup}`, subject };
}

export function planned(refId: string, plan: DeployPlan, attempt = 1): ExecutionEvent {
  return { kind: 'stage.planned', refId, attempt, plan };
}

/** A plan that has seen these groups, the last of which is its source. */
export function planOf(target: string, observed: readonly string[]): DeployPlan {
  const source = observed.at(-1);
  const capacity = { min: 1, desired: 1, max: 1 };
  return {
    planVersion: 1,
    strategy: 'redBlack',
    cluster: { ...place, cluster: 'web' },
    source:
      source === undefined ? null : { serverGroup: source, arn: `arn:${source}`, imageId: null },
    target: {
      serverGroup: target,
      imageId: 'ami-1',
      capacity,
      targetHealthyPercent: 100,
      subnetIds: [],
      targetGroupArns: [],
      suspendedProcesses: [],
      healthCheckType: 'EC2',
      healthCheckGraceSeconds: 600,
      cooldownSeconds: 300,
      terminationPolicies: [],
      tags: [],
      launchTemplate: {
        clonedFrom: null,
        instanceType: null,
        securityGroupIds: null,
        keyName: null,
        iamInstanceProfile: null,
      },
    },
    disables: [],
    observedServerGroups: observed,
    steps: [],
    warnings: [],
  };
}

export function groupView(name: string, parts: Partial<ServerGroupView> = {}): ServerGroupView {
  return {
    name,
    arn: `arn:${name}`,
    createdAt: at,
    capacity: { min: 1, desired: 1, max: 1 },
    enabled: true,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: [],
    imageId: null,
    instances: [],
    owner: null,
    ...parts,
  };
}

export function clusterOf(...serverGroups: readonly ServerGroupView[]): ClusterView {
  return { ...place, cluster: 'web', observedAt: at, serverGroups };
}
