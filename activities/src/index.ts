export * from './failure.js';
export { createRecordsActivities } from './records/records-activities.js';
export type { RecordsDependencies } from './records/records-activities.js';
export type { LockSignals } from './records/request-lock.js';
