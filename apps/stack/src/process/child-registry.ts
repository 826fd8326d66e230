import type { Child } from './child.js';
import type { Guard } from './guard.js';

/** Who is told of each child process the moment it exists, so that none can be forgotten. */
export interface ChildRegistry {
  /** Called before a child is started; throws when no more may be started. */
  readonly admit: () => void;
  readonly add: (child: Child) => void;
  readonly drop: (child: Child) => void;
}

/** The registry of callers that only want their children to end with them. */
export function guardedRegistry(guard: Guard): ChildRegistry {
  return {
    admit: () => undefined,
    add: (child) => guard.watch(child.process, child.stopSignal),
    drop: (child) => guard.unwatch(child.process),
  };
}
