import type { Console } from '../setup/console.js';
import { createApiClient } from './api-client.js';
import { enabledGroups } from './cluster-table.js';
import { isWaitForLock } from './event-line.js';
import { readStoryPipeline } from './pipeline-file.js';
import type { StoryPipeline } from './pipeline-file.js';
import { createStandInControl } from './stand-in-control.js';
import type { StandInControl } from './stand-in-control.js';
import { expectEqual } from './story-failure.js';
import { tellSummary } from './tell-summary.js';
import { tell, tellLine, watch } from './telling.js';
import { showTheEnd } from './the-end.js';
import type { FollowedExecution, Telling } from './telling.js';

/** Where the story is played and told. */
export interface Stage {
  readonly apiUrl: string;
  readonly standInUrl: string;
  readonly console: Console;
}

const OLD_IMAGE = 'web-1.0.0';
const NEW_IMAGE = 'web-1.1.0';
const REQUESTS_PER_SECOND = 50;
/** Enough for a deploy while there is capacity, and short enough for a demo while there is none. */
const DEPLOY_SECONDS = 30;

interface Story extends Telling {
  readonly standIn: StandInControl;
  readonly pipeline: StoryPipeline;
}

/**
 * Plays the story of a deployment over REST and tells it as it happens. Throws a StoryFailure as soon
 * as it goes another way than it must.
 */
export async function playStory({ apiUrl, standInUrl, console }: Stage): Promise<void> {
  const story: Story = {
    api: createApiClient(apiUrl),
    standIn: createStandInControl(standInUrl),
    pipeline: readStoryPipeline(),
    console,
    startedAt: performance.now(),
  };
  await story.standIn.startTraffic(story.pipeline.deploy.cluster, REQUESTS_PER_SECOND);
  await deployTheNewImage(story);
  const failed = await deployWithoutCapacity(story);
  await retryTheDeploy(story, failed);
  await deployTwiceAtOnce(story);
  const { application, deploy } = story.pipeline;
  await showTheEnd(story, { application, ...deploy });
}

async function deployTheNewImage(story: Story): Promise<void> {
  tell(
    story,
    `1. Deploy ${NEW_IMAGE} red/black: the new group serves before the old one is disabled`,
  );
  const version = await story.api.savePipeline(story.pipeline.varied({ imageName: NEW_IMAGE }));
  const id = await story.api.startPipeline(story.pipeline, version);
  const { status } = await watch(story, id);
  expectEqual('the first deployment', status, 'SUCCEEDED');
  await expectEnabled(story, ['web-prod-v001']);
}

async function deployWithoutCapacity(story: Story): Promise<FollowedExecution> {
  const { api, standIn, pipeline } = story;
  tell(story, `2. Deploy ${OLD_IMAGE} while no zone has capacity: it fails and is undone`);
  await standIn.setCapacity(pipeline.deploy.region, false);
  const version = await api.savePipeline(
    pipeline.varied({ imageName: OLD_IMAGE, deploySeconds: DEPLOY_SECONDS }),
  );
  const id = await api.startPipeline(pipeline, version);
  const followed = await watch(story, id);
  expectEqual('the deployment without capacity', followed.status, 'TERMINAL');
  await tellSummary(story, id, pipeline.deploy.refId);
  await expectEnabled(story, ['web-prod-v001']);
  expectEqual('server groups after the undo', await groupNames(story), [
    'web-prod-v000',
    'web-prod-v001',
  ]);
  return followed;
}

async function retryTheDeploy(story: Story, failed: FollowedExecution): Promise<void> {
  const { api, standIn, pipeline } = story;
  tell(story, '3. Capacity is back: retry that one stage');
  await standIn.setCapacity(pipeline.deploy.region, true);
  const attempt = await api.retryStage(failed.id, {
    refId: pipeline.deploy.refId,
    expectedAttempt: 1,
    reason: 'capacity is back',
  });
  expectEqual('the attempt that the retry makes', attempt, 2);
  const { status } = await watch(story, failed.id, { after: failed.position });
  expectEqual('the execution after the retry', status, 'SUCCEEDED');
  await expectEnabled(story, ['web-prod-v003']);
  const attempts = await api.getAttempts(failed.id);
  tellLine(story, `attempts of each stage: ${JSON.stringify(attempts)}`);
  expectEqual('attempts of the deploy', attempts[pipeline.deploy.refId], 2);
}

/**
 * The second is started as soon as the first holds the cluster: were both under way to the lock, the
 * newer could get it, and the older would rightly end with CLUSTER_MOVED_ON.
 */
async function deployTwiceAtOnce(story: Story): Promise<void> {
  const { api, pipeline } = story;
  tell(story, '4. Start it twice at once: the second waits for its turn');
  // Without the check at its end: it would count the group that the other one is just making.
  const version = await api.savePipeline(
    pipeline.varied({ imageName: NEW_IMAGE, endsWithDeploy: true }),
  );
  const holds = Promise.withResolvers<void>();
  const first = watch(story, await api.startPipeline(pipeline, version), {
    name: 'first',
    onEvent: ({ kind }) => {
      if (kind === 'stage.lockGranted') {
        holds.resolve();
      }
    },
  });
  await Promise.race([holds.promise, first]);
  let waited = false;
  const second = watch(story, await api.startPipeline(pipeline, version), {
    name: 'second',
    onEvent: (event) => (waited ||= isWaitForLock(event)),
  });
  const ends = await Promise.all([first, second]);
  expectEqual(
    'both deployments',
    ends.map(({ status }) => status),
    ['SUCCEEDED', 'SUCCEEDED'],
  );
  expectEqual('the second waited for its turn', waited, true);
  await expectEnabled(story, ['web-prod-v005']);
}

async function groupNames(story: Story): Promise<readonly string[]> {
  const { application, deploy } = story.pipeline;
  const cluster = await story.api.getCluster({ application, ...deploy });
  return cluster.serverGroups.map((group) => group.name).toSorted();
}

async function expectEnabled(story: Story, expected: readonly string[]): Promise<void> {
  const { application, deploy } = story.pipeline;
  const cluster = await story.api.getCluster({ application, ...deploy });
  expectEqual('enabled server groups', enabledGroups(cluster), expected);
}
