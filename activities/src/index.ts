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
export { createLeaseInterceptor, currentLease } from './lease/lease-interceptor.js';
export type { LeaseInterceptorOptions, LeaseInterceptors } from './lease/lease-interceptor.js';
export { ActivityLease, writeGraceMs } from './lease/activity-lease.js';
export type { ActivityLeaseOptions, LeaseClock } from './lease/activity-lease.js';
export { incurableFailure } from './aws-wait/launch-failures.js';
export type { IncurableFailure } from './aws-wait/launch-failures.js';
export { ReplacementWatch } from './aws-wait/replacement-watch.js';
export { WaitProgress } from './aws-wait/wait-progress.js';
