export * from './pipeline-schema.js';
