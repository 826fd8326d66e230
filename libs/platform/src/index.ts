export * from './clock.js';
export * from './config.js';
export * from './execution-ids.js';
export * from './hashing.js';
export * from './logger.js';
export * from './metrics.js';
export * from './redaction.js';
export * from './temporal-settings.js';
