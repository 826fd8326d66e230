import { createApiClient } from './api-client.js';
import { createCanaryTime } from './canary-time.js';
import { readExamplePipeline } from './pipeline-file.js';
import type { Stage } from './story.js';
import { createStandInControl } from './stand-in-control.js';
import { expectEqual } from './story-failure.js';
import { tell, tellLine, watch } from './telling.js';
import { showTheEnd } from './the-end.js';

const REQUESTS_PER_SECOND = 50;
/** Enough for every example on a busy machine: its pauses are seconds. */
const WITHIN_SECONDS = 600;

/**
 * Plays one example pipeline as it stands in its file, under traffic: shows its plan, runs it, and ends with what AWS has.
 * Throws a StoryFailure when it does not succeed or a request met no healthy target.
 */
export async function playPipeline(
  name: string,
  { apiUrl, standInUrl, console }: Stage,
): Promise<void> {
  const telling = {
    api: createApiClient(apiUrl),
    standIn: createStandInControl(standInUrl),
    console,
    startedAt: performance.now(),
  };
  const pipeline = readExamplePipeline(name);
  await telling.standIn.startTraffic(pipeline.cluster.cluster, REQUESTS_PER_SECOND);
  const time =
    pipeline.canaryMinutes === null
      ? null
      : createCanaryTime(telling, telling.standIn, pipeline.canaryMinutes);
  await time?.passDay();
  const version = await telling.api.savePipeline(pipeline.yaml);
  tell(telling, `The plan of ${name}, on what AWS has now:`);
  for (const plan of await telling.api.planPipeline(pipeline)) {
    plan.steps.forEach((step) => tellLine(telling, `  ${step.title}`));
    const serving = plan.promise?.instancesServingMin;
    if (serving !== undefined) {
      tellLine(telling, `  promised: never fewer than ${serving} healthy instances in service`);
    }
    plan.warnings.forEach((warning) => tellLine(telling, `  note: ${warning}`));
  }
  tell(telling, 'It runs:');
  const id = await telling.api.startPipeline(pipeline, version);
  const { status } = await watch(telling, id, {
    withinSeconds: WITHIN_SECONDS,
    ...(time !== null && { onEvent: time.onEvent }),
  });
  await time?.settled();
  expectEqual(`the pipeline ${name}`, status, 'SUCCEEDED');
  await showTheEnd(telling, { application: pipeline.application, ...pipeline.cluster });
}
