import path from 'node:path';

import { readRunRecord } from '../process/run-record.js';
import { createApiClient } from './api-client.js';
import { readStoryPipeline } from './pipeline-file.js';
import type { StoryPipeline } from './pipeline-file.js';
import { createStandInControl } from './stand-in-control.js';
import type { StandInControl } from './stand-in-control.js';
import type { Stage } from './story.js';
import { expectEqual, StoryFailure } from './story-failure.js';
import { tellSummary } from './tell-summary.js';
import { tell, tellLine, watch } from './telling.js';
import type { Telling } from './telling.js';
import { showTheEnd } from './the-end.js';

/** Instances of the fleet: enough that chunks, zones and stragglers count. */
export const FRIDAY_INSTANCES = 400;

/** Five a second for each instance: a fleet of this size has something to do. */
const REQUESTS_PER_SECOND = 2_000;
/** The deploy's own deadline: a person cancels long before. */
const DEPLOY_SECONDS = 900;
/** Four hundred instances take about a minute; a busy machine takes several times that. */
const WITHIN_SECONDS = 600;
const EMPTY_ZONE = 'eu-west-1b';
/** The fleet's own policy, which the new one has too by then: what an alarm does while both fleets share the load. */
const SCALE_IN_POLICY = 'halve-when-idle';

/** Where it is played; below `dataDir` is the record of what runs. */
export interface FridayStage extends Stage {
  readonly dataDir: string;
}

interface Friday extends Telling {
  readonly standIn: StandInControl;
  readonly pipeline: StoryPipeline;
}

/**
 * A deployment of 400 instances in three zones on a Friday: one zone has no capacity, so the switch waits and says why; the
 * worker is killed; a person cancels, and all is as it was; then there is capacity, the stage is retried, alarms try to
 * scale both fleets in at the very switch, and it succeeds. Throws a StoryFailure as soon as it goes another way.
 */
export async function playFriday(stage: FridayStage): Promise<void> {
  const friday: Friday = {
    api: createApiClient(stage.apiUrl),
    standIn: createStandInControl(stage.standInUrl),
    pipeline: readStoryPipeline(),
    console: stage.console,
    startedAt: performance.now(),
  };
  const { deploy, application } = friday.pipeline;
  await friday.standIn.startTraffic(deploy.cluster, REQUESTS_PER_SECOND);
  const id = await deployWithoutOneZone(friday, stage.dataDir);
  await retryWithCapacity(friday, id);
  await showTheEnd(friday, { application, ...deploy });
  const { requests, metNoHealthyTarget, healthyTargetsMin } = await friday.standIn.countRequests();
  const lowest = Math.min(healthyTargetsMin, FRIDAY_INSTANCES);
  friday.console.line(
    `\n  ${requests} requests, ${metNoHealthyTarget} without a healthy target; ` +
      `lowest in service ${lowest} of ${FRIDAY_INSTANCES}.`,
  );
  expectEqual('the fewest instances in service', lowest, FRIDAY_INSTANCES);
}

/** Until the switch waits for the empty zone; then the worker is killed, and a person cancels. */
async function deployWithoutOneZone(friday: Friday, dataDir: string): Promise<string> {
  const { api, standIn, pipeline } = friday;
  tell(friday, `1. Deploy 400 instances while ${EMPTY_ZONE} has no capacity: the switch waits`);
  await standIn.setZoneCapacity(EMPTY_ZONE, false);
  const version = await api.savePipeline(
    pipeline.varied({ imageName: 'web-1.1.0', deploySeconds: DEPLOY_SECONDS }),
  );
  const id = await api.startPipeline(pipeline, version);
  const empty = Promise.withResolvers<void>();
  const followed = watch(friday, id, {
    withinSeconds: WITHIN_SECONDS,
    onEvent: (event) => {
      if (JSON.stringify(event).includes(`zone ${EMPTY_ZONE} has`)) {
        empty.resolve();
      }
    },
  });
  await Promise.race([empty.promise, followed.then(endedTooSoon)]);
  killWorker(friday, dataDir);
  tell(friday, '2. A person cancels: everything is undone');
  await api.cancel(id, 'no capacity on a Friday evening');
  expectEqual('the deployment that was cancelled', (await followed).status, 'CANCELED');
  await tellSummary(friday, id, pipeline.deploy.refId);
  return id;
}

/** The scaling policies act at the moment when the old group is disabled: what is pinned stays. */
async function retryWithCapacity(friday: Friday, id: string): Promise<void> {
  const { api, standIn, pipeline } = friday;
  tell(friday, `3. ${EMPTY_ZONE} has capacity again: the stage is retried, and alarms scale in`);
  await standIn.setZoneCapacity(EMPTY_ZONE, true);
  for (const serverGroup of ['web-prod-v000', 'web-prod-v002']) {
    await standIn.foreignChange('SuspendProcesses', {
      service: 'autoscaling',
      action: 'ExecutePolicy',
      input: { AutoScalingGroupName: serverGroup, PolicyName: SCALE_IN_POLICY },
    });
  }
  const { refId } = pipeline.deploy;
  await api.retryStage(id, { refId, expectedAttempt: 1, reason: 'there is capacity again' });
  const { status } = await watch(friday, id, {
    after: await lastPosition(friday, id),
    withinSeconds: WITHIN_SECONDS,
  });
  expectEqual('the execution after the retry', status, 'SUCCEEDED');
}

/** kill -9, as a machine's death would be; the launcher starts it again. */
function killWorker(friday: Friday, dataDir: string): void {
  const record = readRunRecord(path.join(dataDir, 'run.json'));
  const worker = record?.children.find((child) => child.name === 'worker');
  if (worker === undefined) {
    throw new StoryFailure('there is no worker to be killed');
  }
  tellLine(friday, `kill -9 ${worker.pid}: the worker is gone`);
  process.kill(worker.pid, 'SIGKILL');
}

async function lastPosition({ api }: Friday, id: string): Promise<number> {
  return (await api.getPosition(id)) - 1;
}

function endedTooSoon({ status }: { readonly status: string }): never {
  throw new StoryFailure(`the deployment ended ${status} before any zone was missed`);
}
