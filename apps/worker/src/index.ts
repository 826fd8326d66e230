export { createTaskQueueWorkers } from './task-queue-workers.js';
export type { QueueActivities } from './task-queue-workers.js';
export { connectTemporal } from './temporal-connections.js';
export type { TemporalConnections } from './temporal-connections.js';
export { workerConfigSchema } from './worker-config.js';
export type { WorkerConfig } from './worker-config.js';
export { buildWorkflowBundle, workflowBundlePath } from './workflow-bundle.js';
