/** Token of the process's clock (platform's `Clock`). */
export const CLOCK = Symbol('clock');
