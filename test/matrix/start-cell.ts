import { awaitSoon } from '../support/e2e/await-soon.js';
import type { Scene } from './adversity.js';
import type { Arena } from './arena.js';
import { pipelineOf, type StrategyUnderTest } from './strategies.js';

/** Ample for a deploy of three instances, also while a service is away. */
export const ampleSeconds = 120;

/** A fleet as the strategy finds it: what it is to take back is deployed. */
export async function setScene(arena: Arena, strategy: StrategyUnderTest): Promise<Scene> {
  const fleet = await arena.newFleet();
  const imageId = await arena.newImage(fleet);
  const { oldServerGroup, cluster, instanceType } = fleet;
  const newServerGroup = isInPlace(strategy) ? oldServerGroup : `${cluster}-v001`;
  const forward: Scene = {
    arena,
    fleet,
    imageId,
    instanceType,
    source: oldServerGroup,
    target: newServerGroup,
  };
  if (strategy.takesBack === undefined) return forward;
  await deployFirst(forward, strategy.takesBack);
  return {
    ...forward,
    imageId: fleet.oldImageId,
    instanceType: fleet.oldInstanceType,
    source: newServerGroup,
    target: oldServerGroup,
  };
}

/** Begins what the cell is about; the execution's id. */
export async function start(
  scene: Scene,
  strategy: StrategyUnderTest,
  timeoutSeconds: number,
): Promise<string> {
  const { arena, fleet, imageId, source } = scene;
  const { api } = arena.gennaker;
  if (strategy.isAskedFor !== true) {
    return await api.run(pipelineOf(strategy, fleet, { imageId, timeoutSeconds }));
  }
  const path = `/v1/applications/web/clusters/demo/eu-west-1/${fleet.cluster}/rollback`;
  const asked = { expectedServing: source, reason: 'an adversity', by: 'matrix', timeoutSeconds };
  let executionId = '';
  // Another cell may just have killed the worker, which does the looking: the same key is the same request.
  await awaitSoon(`the rollback of ${fleet.cluster}`, async () => {
    const key = `rollback-${fleet.cluster}`;
    const answer = await api.post<{ readonly executionId: string }>(path, asked, { key });
    if (answer.status < 500 && answer.status !== 202) {
      throw new Error(`the rollback: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    executionId = answer.body.executionId;
    return answer.status === 202;
  });
  return executionId;
}

function isInPlace({ isInPlace: inPlace, takesBack }: StrategyUnderTest): boolean {
  return inPlace === true || takesBack?.isInPlace === true;
}

/** What it has met does not count: the requests are counted anew from here on. */
async function deployFirst({ arena, fleet, imageId }: Scene, strategy: StrategyUnderTest) {
  const { gennaker } = arena;
  const stage = { imageId, timeoutSeconds: ampleSeconds };
  const executionId = await gennaker.api.run(pipelineOf(strategy, fleet, stage));
  const watcher = gennaker.watch(executionId);
  await watcher.done;
  const { status } = await gennaker.api.execution(executionId);
  if (status !== 'SUCCEEDED') throw new Error(`what is to be taken back ended ${status}`);
  await arena.startTraffic(fleet);
}
