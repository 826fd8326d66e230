export * from './names.js';
export * from './workflows.js';
export * from './activities.js';
