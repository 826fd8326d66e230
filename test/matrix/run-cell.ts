import type { ExecutionView } from '../support/e2e/api-client.js';
import {
  anyCluster,
  faultOf,
  type Adversity,
  type EndedScene,
  type RunningScene,
  type Scene,
} from './adversity.js';
import { approveAll } from './approve.js';
import type { Arena } from './arena.js';
import { temporaryFaults, type Fleet } from './fleet.js';
import { ampleSeconds, setScene, start } from './start-cell.js';
import type { StrategyUnderTest } from './strategies.js';
import { cellMsMax, settledView, verdict } from './verdict.js';

/** One strategy with one adversity. */
export interface Cell {
  readonly strategy: StrategyUnderTest;
  readonly adversity: Adversity;
}

/** How a cell ended: without faults it is as the plan had promised. */
export interface EndedCell {
  readonly cell: string;
  readonly seconds: number;
  readonly status: string;
  readonly faults: readonly string[];
}

/** What a scout looks at besides. */
export interface Played extends EndedCell {
  readonly view: ExecutionView;
  readonly fleet: Fleet;
  /** Numbers of the last call before the execution began and before its end was seen. */
  readonly calls: { readonly from: number; readonly to: number };
}

/** The cell's name, which is unique within a run and the same in every run. */
export function cellName({ strategy, adversity }: Cell): string {
  return `${strategy.name}: ${adversity.name}`;
}

/** Plays a cell on a fleet of its own and says what was not as promised. */
export async function runCell(arena: Arena, cell: Cell): Promise<Played> {
  const startedAt = performance.now();
  const { strategy, adversity } = cell;
  const scene = await setScene(arena, strategy);
  const { fleet } = scene;
  await adversity.before?.(scene);
  const timeoutSeconds =
    adversity.timeoutSeconds ?? Math.max(ampleSeconds, strategy.stageSecondsMin ?? 0);
  const from = await arena.lastCall();
  const executionId = await start(scene, strategy, timeoutSeconds);
  const person = approveAll(arena, executionId);
  const running = runningScene(scene, executionId);
  const faults = [...(await play(running, adversity))];
  if (adversity.faulty === true && (await arena.gennaker.aws.firings(faultOf(scene))) === 0) {
    faults.push('the fault never struck');
  }
  faults.push(...(await arena.workerFaults()));
  const view = await settledView(arena, executionId);
  const to = await arena.lastCall();
  const ended: EndedScene = { ...running, view };
  faults.push(...(await verdict(ended, adversity)));
  await person.stop();
  if (adversity.expects !== 'left') faults.push(...(await temporaryFaults(arena.hands, fleet)));
  await arena.gennaker.aws.clearFault(faultOf(scene));
  await arena.dropFleet(fleet);
  return {
    cell: cellName(cell),
    seconds: (performance.now() - startedAt) / 1000,
    status: view.status,
    faults: faults.map((fault) => `${fault} [${executionId}]`),
    view,
    fleet,
    calls: { from, to },
  };
}

function runningScene(scene: Scene, executionId: string): RunningScene {
  const watcher = scene.arena.gennaker.watch(executionId);
  const ended = watcher.done.then(() => false);
  const here = (id: string) => id.replace(anyCluster, scene.fleet.cluster);
  const happens = (matches: Parameters<typeof watcher.until>[0]) =>
    Promise.race([watcher.until(matches, cellMsMax).then(() => true), ended]);
  return {
    ...scene,
    executionId,
    watcher,
    reached: (stepId) =>
      happens((event) => event.kind === 'step.started' && event.stepId === here(stepId)),
    undoing: (entryId) =>
      happens((event) => event.kind === 'undo.entryStarted' && event.entryId === here(entryId)),
  };
}

async function play(scene: RunningScene, adversity: Adversity): Promise<readonly string[]> {
  const { watcher } = scene;
  try {
    const struck = (await adversity.during?.(scene)) ?? true;
    const tooLong = Promise.withResolvers<readonly string[]>();
    const timer = setTimeout(() => tooLong.resolve(['it did not end']), cellMsMax);
    const faults = await Promise.race([watcher.done.then(() => []), tooLong.promise]);
    clearTimeout(timer);
    return struck ? faults : [...faults, 'the adversity never struck'];
  } finally {
    watcher.close();
  }
}
