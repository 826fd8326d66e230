/** Token of the process's logger (platform's `Logger`). */
export const LOGGER = Symbol('logger');
