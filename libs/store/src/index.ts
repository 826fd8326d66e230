export { openStore } from './store.js';
export type { Store, StoreOptions } from './store.js';
export type { DatabaseTimeouts } from './database/database.js';
export type { StoreLogger } from './database/store-logger.js';
export { newestSchemaVersion } from './migrations/migrations.js';
export { idempotencyKeyLifeSeconds, purgedKeysMax } from './idempotency-keys.js';
export type { Idempotency } from './idempotency-keys.js';
export { pipelinesPageMax } from './pipelines/pipeline-repository.js';
export type {
  PipelineName,
  PipelinePage,
  PipelineRepository,
  SavedPipeline,
  SavePipeline,
  StoredPipeline,
} from './pipelines/pipeline-repository.js';
export type { ExecutionRepository } from './executions/execution-repository.js';
export type { ExecutionSummary, StoredExecution } from './executions/execution-row.js';
export type { CreateExecution, ExecutionCreation } from './executions/create-execution.js';
export type { OpenedRun, OpenRun } from './executions/open-run.js';
export { executionsPageMax } from './executions/list-executions.js';
export type { ExecutionFilter } from './executions/list-executions.js';
export type { EventRepository } from './events/event-repository.js';
export type { EventFollower, Following } from './events/follow-events.js';
export {
  analysesPageMax,
  eventsPageMax,
  type StoredAnalysis,
  type StoredUndoStart,
} from './events/read-events.js';
export { recordBounds } from './events/record-events.js';
export type { RecordedEvents, RecordEvents } from './events/record-events.js';
export { summaryChangeOf } from './events/summary-change.js';
export type { SummaryChange } from './events/summary-change.js';
export type {
  ClusterNames,
  NameRepository,
  ReserveServerGroupName,
} from './names/name-repository.js';
export type { ClusterHistory, ClusterPlan } from './deploys/cluster-history.js';
export type { RequestKeys } from './request-keys.js';
export { candidatesMax, nextOrdinals, sequenceOf } from './names/next-ordinals.js';
