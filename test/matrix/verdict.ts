import type { PlanPromise, ServerGroupView } from '@gennaker/domain';
import type { ExecutionView } from '../support/e2e/api-client.js';
import { awaitSoon } from '../support/e2e/await-soon.js';
import type { Adversity, EndedScene } from './adversity.js';
import type { Arena } from './arena.js';
import { endFaults, trafficFaults } from './end-faults.js';
import type { Fleet } from './fleet.js';

/** How long a cell may take altogether. */
export const cellMsMax = 240_000;

/** What the plan had promised, against what AWS shows, by the end that came. */
export async function verdict(scene: EndedScene, adversity: Adversity): Promise<readonly string[]> {
  const { arena, fleet, view } = scene;
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
    return [...faults, ...(await finishedByRetry(scene, adversity))];
  }
  const more = (await adversity.afterwards?.(scene)) ?? [];
  const traffic = await arena.gennaker.aws.trafficOf(fleet.loadBalancerArn);
  if (promise === undefined) return [...faults, ...more, ...trafficFaults(traffic, null)];
  const floor = adversity.floorGivenUp === true ? null : promise.instancesServingMin;
  const served = [...faults, ...more, ...trafficFaults(traffic, floor)];
  if (adversity.expects === 'left' && !succeeded) return served;
  const groups = await stableGroups(arena, fleet);
  const end = succeeded ? promise.succeeded : promise.undone;
  const leeway = {
    sizesMoved: adversity.sizesMoved === true,
    mayBeGone: adversity.targetDeleted === true ? scene.target : null,
  };
  return [...served, ...endFaults(end, groups, leeway)];
}

/** A person lifts what was in the way and retries: the undo is finished, and the deploy made anew. */
async function finishedByRetry(
  scene: EndedScene,
  adversity: Adversity,
): Promise<readonly string[]> {
  const { arena, fleet, view } = scene;
  const { api } = arena.gennaker;
  await adversity.lift?.(scene);
  const path = `/v1/executions/${view.executionId}/stages/${view.stages[0]?.refId}/retry`;
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

/** The execution once its end is written. */
export async function settledView(arena: Arena, executionId: string): Promise<ExecutionView> {
  let view = await arena.gennaker.api.execution(executionId);
  await awaitSoon(`the end of ${executionId}`, async () => {
    view = await arena.gennaker.api.execution(executionId);
    return view.endedAt !== null;
  });
  return view;
}
