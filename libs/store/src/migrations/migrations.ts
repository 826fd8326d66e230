import type { Migration } from './migration.js';
import { pipelinesAndExecutions } from './001-pipelines-and-executions.js';
import { recordEvents } from './002-record-events.js';
import { clusterPlans } from './003-cluster-plans.js';

/** Every migration in the order of its version; what has been released is never changed. */
export const migrations: readonly Migration[] = [
  pipelinesAndExecutions,
  recordEvents,
  clusterPlans,
];

/** The schema version that this release needs. */
export const newestSchemaVersion = migrations.length;
