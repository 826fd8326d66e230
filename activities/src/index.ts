export * from './failure.js';
export { createRecordsActivities } from './records/records-activities.js';
export type { RecordsDependencies } from './records/records-activities.js';
export type { LockSignals } from './records/request-lock.js';
export type {
  AwsActivityDependencies,
  ProgressLog,
  ServerGroupNames,
} from './aws-activity-dependencies.js';
export { createAwsActivities } from './create-aws-activities.js';
export type { AwsActivities } from './create-aws-activities.js';
export { createLeaseHeartbeat, ActivityGoneError } from './lease/lease-heartbeat.js';
export type { LeaseHeartbeat } from './lease/lease-heartbeat.js';
export { createLeaseInterceptor } from './lease/lease-interceptor.js';
export type { LeaseInterceptorOptions, LeaseInterceptors } from './lease/lease-interceptor.js';
