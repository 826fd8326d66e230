import type { EventWatcher } from '../support/e2e/event-watcher.js';
import type { ExecutionView } from '../support/e2e/api-client.js';
import type { Arena } from './arena.js';
import type { Fleet } from './fleet.js';

/** What an adversity works on: a cell. */
export interface Scene {
  readonly arena: Arena;
  readonly fleet: Fleet;
  /** The image that the target's instances get. */
  readonly imageId: string;
  /** The type that they are of. */
  readonly instanceType: string;
  /** The server group that serves at the start. */
  readonly source: string;
  /** The one that is to serve instead; in place: the source itself. */
  readonly target: string;
}

/** A scene whose execution has started. */
export interface RunningScene extends Scene {
  readonly executionId: string;
  readonly watcher: EventWatcher;
  /** Resolves when the step begins; false when the execution has ended before. */
  reached(stepId: string): Promise<boolean>;
  /** Resolves when the undo of that step begins; false when the execution has ended before. */
  undoing(entryId: string): Promise<boolean>;
}

/** A scene whose execution has ended. */
export interface EndedScene extends RunningScene {
  readonly view: ExecutionView;
}

/** One thing that goes wrong, and what a deploy must make of it. */
export interface Adversity {
  readonly name: string;
  /** Which of the ends that the plan named; `either` where it depends on who comes first; `left`: stopped half-way, as asked. */
  readonly expects: 'succeeded' | 'undone' | 'either' | 'left';
  /** The stage's own deadline in seconds; absent: an ample one. */
  readonly timeoutSeconds?: number;
  /** An undo that is refused too may ask for a person; a retry must finish it once `lift` has run. */
  readonly mayNeedAttention?: boolean;
  /** Somebody else changes sizes: the groups' states are compared, their sizes are not. */
  readonly sizesMoved?: boolean;
  /** Somebody else takes capacity away by hand: only that nobody met an empty fleet is checked. */
  readonly floorGivenUp?: boolean;
  /** Somebody else deletes the target: no end has it. */
  readonly targetDeleted?: boolean;
  /** Strikes everybody: no other cell plays meanwhile. */
  readonly alone?: boolean;
  before?(scene: Scene): Promise<void>;
  /** Beside the running deploy; false: it was over before anything could happen to it. */
  during?(scene: RunningScene): Promise<boolean>;
  /** What else must hold once it is over; in words what does not. */
  afterwards?(scene: EndedScene): Promise<readonly string[]>;
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

/** A step of the plan, with {@link anyCluster} for the cluster's name in its id. */
export interface ScoutedStep {
  readonly id: string;
  readonly operation: string;
  /** An alarm that is raised while it runs stops the deploy. */
  readonly watchesAlarms: boolean;
}

/** What a run without any adversity, and one that is cancelled late, have shown: from it the others are generated. */
export interface Scouted {
  /** No group is made: what strikes the new one strikes the one that serves. */
  readonly isInPlace: boolean;
  /** An analysis of its requests decides about it. */
  readonly isJudged: boolean;
  /** The plan's steps in their order, the planning first. */
  readonly steps: readonly ScoutedStep[];
  /** Actions that changed something, each once, in the order of their first call. */
  readonly mutations: readonly string[];
  /** Steps that an undo from a late step has undone, in its order. */
  readonly undoEntries: readonly string[];
  /** Actions with which it changed something. */
  readonly undoMutations: readonly string[];
}

/** A step behind the switch that takes long enough for a cancel to arrive in it: the last ones may be over before. */
export function undoneFrom(stepIds: readonly string[]): string {
  return stepIds.includes('verify') ? 'verify' : (stepIds.at(-1) ?? '');
}

/** The step that waits for what is new, while the old serves alone. */
export function waitStepOf({ steps }: Scouted): string {
  const healthy = steps.find(({ id }) => id === 'healthy');
  return healthy?.id ?? idOf(steps, ['awaitInstanceRefresh', 'enableServerGroup', 'awaitHealthy']);
}

/** The last look before the switch, or behind it where there is none. */
export function lookStepOf({ steps }: Scouted): string {
  return idOf(steps, ['matchServerGroup', 'verifyDeploy']);
}

function idOf(steps: readonly ScoutedStep[], operations: readonly string[]): string {
  const found = operations.map((wanted) => steps.find(({ operation }) => operation === wanted));
  return found.find((step) => step !== undefined)?.id ?? steps.at(-1)?.id ?? '';
}
