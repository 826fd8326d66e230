import type { ChildRegistry } from './child.js';
import type { Guard } from './guard.js';

/** The registry of callers that only want their children to end with them. */
export function guardedRegistry(guard: Guard): ChildRegistry {
  return {
    admit: () => undefined,
    add: (child) => guard.watch(child.process, child.stopSignal),
    drop: (child) => guard.unwatch(child.process),
  };
}
