export * from './names.js';
export * from './workflows.js';
export * from './operation-context.js';
export * from './activities.js';
export * from './server-group-activities.js';
export * from './switch-activities.js';
export * from './refresh-activities.js';
export * from './rollback-activities.js';
