/** Token of the whole store: health, start and end only. */
export const STORE = Symbol('store');

/** Token of the store's PipelineRepository. */
export const PIPELINES = Symbol('pipelines');

/** Token of the store's ExecutionRepository. */
export const EXECUTIONS = Symbol('executions');

/** Token of the store's EventRepository. */
export const EVENTS = Symbol('events');

/** Token of the store's RequestKeys. */
export const REQUEST_KEYS = Symbol('request keys');
