import type { PlanPromise, ServerGroupView } from '@gennaker/domain';
import type { ExecutionView } from '../support/e2e/api-client.js';
import { awaitSoon } from '../support/e2e/await-soon.js';
import { anyCluster, faultOf, type Adversity, type RunningScene, type Scene } from './adversity.js';
import { approveAll } from './approve.js';
import type { Arena } from './arena.js';
import { endFaults, trafficFaults } from './end-faults.js';
import { temporaryFaults, type Fleet } from './fleet.js';
import { pipelineOf, type StrategyUnderTest } from './strategies.js';

/** One strategy with one adversity. */
export interface Cell {
  readonly strategy: StrategyUnderTest;
  readonly adversity: Adversity;
}

/** How a cell ended: without faults it is as the plan had promised. */
export interface Played {
  readonly cell: string;
  readonly seconds: number;
  readonly status: string;
  readonly faults: readonly string[];
  readonly executionId: string;
  readonly fleet: Fleet;
  /** Which of the stand-in's calls, in the order of their answers, came while the execution ran. */
  readonly calls: { readonly from: number; readonly to: number };
}

/** Ample for a deploy of three instances, also while a service is away. */
const ampleSeconds = 120;
/** How long a cell may take altogether. */
const cellMsMax = 240_000;

/** The cell's name, which is unique within a run and the same in every run. */
export function cellName({ strategy, adversity }: Cell): string {
  return `${strategy.name}: ${adversity.name}`;
}

/** Plays a cell on a fleet of its own and says what was not as promised. */
export async function runCell(arena: Arena, cell: Cell): Promise<Played> {
  const startedAt = performance.now();
  const { strategy, adversity } = cell;
  const fleet = await arena.newFleet();
  const imageId = await arena.newImage(fleet);
  const newServerGroup =
    strategy.isInPlace === true ? fleet.oldServerGroup : `${fleet.cluster}-v001`;
  const scene: Scene = { arena, fleet, imageId, newServerGroup };
  await adversity.before?.(scene);
  const timeoutSeconds = adversity.timeoutSeconds ?? ampleSeconds;
  const from = await arena.callsSoFar();
  const executionId = await arena.gennaker.api.run(
    pipelineOf(strategy, fleet, { imageId, timeoutSeconds }),
  );
  const person = approveAll(arena, executionId);
  const faults = [...(await play(scene, executionId, adversity))];
  if (adversity.faulty === true && (await arena.gennaker.aws.firings(faultOf(scene))) === 0) {
    faults.push('the fault never struck');
  }
  const view = await settledView(arena, executionId);
  const to = await arena.callsSoFar();
  faults.push(...(await verdict(scene, adversity, view)));
  await person.stop();
  faults.push(...(await temporaryFaults(arena.hands, fleet)));
  await arena.gennaker.aws.clearFault(faultOf(scene));
  await arena.dropFleet(fleet);
  return {
    cell: cellName(cell),
    seconds: (performance.now() - startedAt) / 1000,
    status: view.status,
    faults: faults.map((fault) => `${fault} [${executionId}]`),
    executionId,
    fleet,
    calls: { from, to },
  };
}

async function play(
  scene: Scene,
  executionId: string,
  adversity: Adversity,
): Promise<readonly string[]> {
  const watcher = scene.arena.gennaker.watch(executionId);
  const ended = watcher.done.then(() => false);
  const running: RunningScene = {
    ...scene,
    executionId,
    watcher,
    reached: (anyStepId) => {
      const stepId = anyStepId.replace(anyCluster, scene.fleet.cluster);
      const reached = watcher
        .until((event) => event.kind === 'step.started' && event.stepId === stepId, cellMsMax)
        .then(() => true);
      return Promise.race([reached, ended]);
    },
  };
  try {
    const struck = (await adversity.during?.(running)) ?? true;
    const tooLong = Promise.withResolvers<readonly string[]>();
    const timer = setTimeout(() => tooLong.resolve(['it did not end']), cellMsMax);
    const faults = await Promise.race([watcher.done.then(() => []), tooLong.promise]);
    clearTimeout(timer);
    return struck ? faults : [...faults, 'the adversity never struck'];
  } finally {
    watcher.close();
  }
}

async function settledView(arena: Arena, executionId: string): Promise<ExecutionView> {
  let view = await arena.gennaker.api.execution(executionId);
  await awaitSoon(`the end of ${executionId}`, async () => {
    view = await arena.gennaker.api.execution(executionId);
    return view.endedAt !== null;
  });
  return view;
}

/** What the plan had promised, against what AWS shows, by the end that came. */
async function verdict(
  scene: Scene,
  adversity: Adversity,
  view: ExecutionView,
): Promise<readonly string[]> {
  const { arena, fleet } = scene;
  const attempt = view.stages[0]?.attempts.at(-1);
  // A cancel that came after the stage had ended leaves the deploy as it is.
  const succeeded = attempt?.status === 'SUCCEEDED';
  const unexpected =
    (adversity.expects === 'succeeded' && !succeeded) ||
    (adversity.expects === 'undone' && succeeded);
  const words = `${view.status} (${attempt?.error?.code ?? ''}: ${attempt?.error?.message ?? ''})`;
  const faults = unexpected ? [`expected ${adversity.expects}, but it ended ${words}`] : [];
  const promise = attempt?.plan?.promise;
  if (view.needsAttention !== null) {
    if (adversity.mayNeedAttention !== true) {
      return [...faults, `asks for a person: ${view.needsAttention.reason}`];
    }
    return [...faults, ...(await finishedByRetry(scene, adversity, view))];
  }
  const traffic = await arena.gennaker.aws.trafficOf(fleet.loadBalancerArn);
  if (promise === undefined) return [...faults, ...trafficFaults(traffic, null)];
  const floor = adversity.floorGivenUp === true ? null : promise.instancesServingMin;
  const groups = await stableGroups(arena, fleet);
  const end = succeeded ? promise.succeeded : promise.undone;
  return [
    ...faults,
    ...trafficFaults(traffic, floor),
    ...endFaults(end, groups, { sizesMoved: adversity.sizesMoved === true }),
  ];
}

/** A person lifts what was in the way and retries: the undo is finished, and the deploy made anew. */
async function finishedByRetry(
  scene: Scene,
  adversity: Adversity,
  view: ExecutionView,
): Promise<readonly string[]> {
  const { arena, fleet } = scene;
  const { api } = arena.gennaker;
  await adversity.lift?.(scene);
  const path = `/v1/executions/${view.executionId}/stages/deploy/retry`;
  // An unknown outcome, for another cell has killed the worker, is repeated with the same key, as the answer says.
  await awaitSoon(`the retry of ${view.executionId}`, async () => {
    const body = { by: 'matrix', reason: 'allowed again' };
    const { status } = await api.post(path, body, { key: `retry-${fleet.cluster}` });
    return status === 202;
  });
  await arena.gennaker
    .watch(view.executionId)
    .until((event) => event.kind === 'stage.finished' && event.attempt === 2, cellMsMax);
  const again = await settledView(arena, view.executionId);
  const promise: PlanPromise | undefined = again.stages[0]?.attempts.at(-1)?.plan?.promise;
  if (again.status !== 'SUCCEEDED' || promise === undefined) {
    const error = again.stages[0]?.attempts.at(-1)?.error;
    return [`the retry ended ${again.status}: ${error?.message ?? ''}`];
  }
  const traffic = await arena.gennaker.aws.trafficOf(fleet.loadBalancerArn);
  const groups = await stableGroups(arena, fleet);
  return [
    ...trafficFaults(traffic, promise.instancesServingMin),
    ...endFaults(promise.succeeded, groups, { sizesMoved: false }),
  ];
}

/** The cluster as the API shows it, once no read shows what was before any more. */
async function stableGroups(arena: Arena, fleet: Fleet): Promise<readonly ServerGroupView[]> {
  await arena.settle();
  const { api } = arena.gennaker;
  const path = `/v1/applications/web/clusters/demo/eu-west-1/${fleet.cluster}`;
  let groups: readonly ServerGroupView[] = [];
  // Another cell may just have killed the worker, which does the looking.
  await awaitSoon(`a look at ${fleet.cluster}`, async () => {
    const { status, body } = await api.get<Cluster>(path);
    if (status === 200) groups = body.serverGroups;
    return status === 200;
  });
  return groups;
}

interface Cluster {
  readonly serverGroups: readonly ServerGroupView[];
}
