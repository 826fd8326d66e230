/** Task queues (DESIGN D17). Their names are a wire contract: running workers poll them. */
export const taskQueues = {
  /** Workflows. */
  engine: 'engine',
  /** Everything that writes to or reads from Postgres, and lock requests. */
  records: 'records',
  /** Short AWS reads and all AWS writes, undo included. */
  awsWrite: 'aws-write',
  /** Waits: long, heartbeating, cancellable. */
  awsWait: 'aws-wait',
} as const;

/** Workflow types. */
export const workflowTypes = {
  pipeline: 'pipelineWorkflow',
  lock: 'lockWorkflow',
  inspect: 'inspectWorkflow',
} as const;

/** Updates, signals and queries by wire name. */
export const messageNames = {
  retryStageUpdate: 'retryStage',
  cancelExecutionUpdate: 'cancelExecution',
  judgeStageUpdate: 'judgeStage',
  resolveAttentionUpdate: 'resolveAttention',
  lockGrantedSignal: 'lockGranted',
  lockQueuedSignal: 'lockQueued',
  requestLockSignal: 'requestLock',
  releaseLockSignal: 'releaseLock',
  lockQueueQuery: 'lockQueue',
} as const;

/** Workflow id of the lock of one cluster. */
export function clusterLockWorkflowId(cluster: {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
}): string {
  return `lock:cluster:${cluster.account}:${cluster.region}:${cluster.cluster}`;
}

/** Workflow id of the lock of one listener rule; of a default action: of its listener. */
export function ruleLockWorkflowId(rule: {
  readonly account: string;
  readonly region: string;
  readonly arn: string;
}): string {
  return `lock:rule:${rule.account}:${rule.region}:${rule.arn}`;
}
