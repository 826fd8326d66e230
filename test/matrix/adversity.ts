import type { EventWatcher } from '../support/e2e/event-watcher.js';
import type { Arena } from './arena.js';
import type { Fleet } from './fleet.js';

/** What an adversity works on: a running cell. */
export interface Scene {
  readonly arena: Arena;
  readonly fleet: Fleet;
  readonly imageId: string;
  /** The one that the deploy makes, or the one whose instances it replaces. */
  readonly newServerGroup: string;
}

/** A scene whose execution has started. */
export interface RunningScene extends Scene {
  readonly executionId: string;
  readonly watcher: EventWatcher;
  /** Resolves when the step begins; false when the execution has ended before. */
  reached(stepId: string): Promise<boolean>;
}

/** One thing that goes wrong, and what a deploy must make of it. */
export interface Adversity {
  readonly name: string;
  /** Which of the ends that the plan named; `either` where it depends on who comes first. */
  readonly expects: 'succeeded' | 'undone' | 'either';
  /** The stage's own deadline in seconds; absent: an ample one. */
  readonly timeoutSeconds?: number;
  /** An undo that is refused too may ask for a person; a retry must finish it once `lift` has run. */
  readonly mayNeedAttention?: boolean;
  /** Somebody else changes sizes: the groups' states are compared, their sizes are not. */
  readonly sizesMoved?: boolean;
  /** Somebody else takes capacity away by hand: only that nobody met an empty fleet is checked. */
  readonly floorGivenUp?: boolean;
  /** Strikes everybody: no other cell plays meanwhile. */
  readonly alone?: boolean;
  before?(scene: Scene): Promise<void>;
  /** Beside the running deploy; false: it was over before anything could happen to it. */
  during?(scene: RunningScene): Promise<boolean>;
  /** The cell's fault of AWS calls must have struck: `faultOf` is its id. */
  readonly faulty?: boolean;
  lift?(scene: Scene): Promise<void>;
}

/** The id of the one fault of AWS calls that a cell may set. */
export function faultOf({ fleet }: Scene): string {
  return `fault-${fleet.cluster}`;
}

/** Stands for the cluster's name in ids of steps, which differ from cell to cell by it alone. */
export const anyCluster = '{cluster}';

/** What a run without any adversity has shown: from it the others are generated. */
export interface Scouted {
  /** No group is made: what strikes the new one strikes the one that serves. */
  readonly isInPlace: boolean;
  /** Ids of the plan's steps, in their order, with {@link anyCluster} for the cluster's name. */
  readonly stepIds: readonly string[];
  /** Actions that changed something, each once, in the order of their first call. */
  readonly mutations: readonly string[];
  /** The same of an undo from a late step. */
  readonly undoMutations: readonly string[];
}
