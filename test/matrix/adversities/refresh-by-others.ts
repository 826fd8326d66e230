import {
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  type InstanceRefresh,
} from '@aws-sdk/client-auto-scaling';
import {
  lookStepOf,
  undoneFrom,
  waitStepOf,
  type Adversity,
  type EndedScene,
  type RunningScene,
  type Scene,
  type Scouted,
} from '../adversity.js';
import { awaitSoon } from '../../support/e2e/await-soon.js';
import { byHand, cancel } from '../by-hand.js';
import { endedWith } from './bad-figures.js';

/** Of AWS's time; with it the refresh lasts longer than a deploy, and ends by itself while a rolling one waits for it. */
const checkpointSeconds = 240;
/** Longer than a target takes to be healthy: without it the refresh itself would take capacity away. */
const warmupSeconds = 30;

/**
 * Somebody else replaces the instances of the group that serves, at full strength, so that the plan's floor must hold all
 * the same: before, during and after the switch, and in the undo. Whatever the deploy does, that refresh is theirs.
 */
export function refreshByOthers(scouted: Scouted): readonly Adversity[] {
  const stepIds = scouted.steps.map(({ id }) => id);
  const beside = scouted.isInPlace ? [] : besideTheSwitch(scouted);
  return [
    {
      name: 'foreign refresh before',
      expects: 'succeeded',
      before: async (scene) => {
        if (!(await refreshByHand(scene, scene.source))) throw new Error('there was a refresh');
        await awaitSoon('the first replacement', () => isReplacing(scene));
        await scene.arena.settle();
      },
      afterwards: async (scene) => [
        ...(await leftAlone(scene)),
        ...(await shownToPeople(scene, scouted.isInPlace)),
      ],
    },
    ...(scouted.isInPlace ? inTheWay(waitStepOf(scouted)) : beside),
    {
      name: 'foreign refresh in the undo',
      expects: 'either',
      during: async (scene) => {
        if (!(await scene.reached(undoneFrom(stepIds)))) return false;
        await cancel(scene);
        await refreshByHand(scene, scene.source);
        return true;
      },
      afterwards: leftAlone,
    },
  ];
}

function besideTheSwitch(scouted: Scouted): readonly Adversity[] {
  const at = (name: string, stepId: string, which: 'source' | 'target'): Adversity => ({
    name,
    expects: 'succeeded',
    // What the refresh has in service for a while is capacity in service: a new group grows with it, and is as large then.
    sizesMoved: true,
    during: async (scene) =>
      (await scene.reached(stepId)) && (await refreshByHand(scene, scene[which])),
    afterwards: leftAlone,
  });
  const last = undoneFrom(scouted.steps.map(({ id }) => id));
  return [
    at('foreign refresh during', waitStepOf(scouted), 'source'),
    at('foreign refresh at the last look', lookStepOf(scouted), 'source'),
    at('foreign refresh after', last, 'source'),
    at('foreign refresh of the new group', last, 'target'),
  ];
}

/** AWS allows one refresh at a time: who wants another ends ours first. */
function inTheWay(waitStep: string): readonly Adversity[] {
  const ended = (
    name: string,
    end: (scene: RunningScene) => Promise<boolean>,
    floorGivenUp = false,
  ): Adversity => ({
    name,
    expects: 'undone',
    floorGivenUp,
    during: async (scene) => (await scene.reached(waitStep)) && (await end(scene)),
    afterwards: async (scene) => [
      ...(await endedWith('CHANGED_BY_SOMEONE_ELSE')(scene)),
      ...(await leftAlone(scene)),
    ],
  });
  return [
    // Of a cancelled refresh Auto Scaling ends what is too much, whether the new instances serve or not.
    ended('our refresh replaced by a foreign one', replaceOurs, true),
    ended('our refresh rolled back by hand', async ({ arena, source }) => {
      const group = { AutoScalingGroupName: source };
      return await byHand(() =>
        arena.hands.autoScaling.send(new RollbackInstanceRefreshCommand(group)),
      );
    }),
  ];
}

async function replaceOurs(scene: RunningScene): Promise<boolean> {
  const { arena, source } = scene;
  const group = { AutoScalingGroupName: source };
  const cancelled = await byHand(() =>
    arena.hands.autoScaling.send(new CancelInstanceRefreshCommand(group)),
  );
  await untilNoneOrEnded(scene);
  await refreshByHand(scene, source);
  return cancelled;
}

/** It has begun, as everybody can see: there are other instances than the group wants. */
async function isReplacing({ arena, source }: Scene): Promise<boolean> {
  const { AutoScalingGroups: [group] = [] } = await arena.hands.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [source] }),
  );
  return group?.Instances?.length !== group?.DesiredCapacity;
}

/** False where AWS refuses it, since another one is active or the group is gone. */
async function refreshByHand({ arena }: Scene, serverGroup: string): Promise<boolean> {
  const start = new StartInstanceRefreshCommand({
    AutoScalingGroupName: serverGroup,
    Preferences: {
      MinHealthyPercentage: 100,
      MaxHealthyPercentage: 200,
      InstanceWarmup: warmupSeconds,
      CheckpointPercentages: [34, 100],
      CheckpointDelay: checkpointSeconds,
    },
  });
  return await byHand(() => arena.hands.autoScaling.send(start));
}

/** Those without a desired configuration: ours have one. */
async function foreignRefreshes(
  { arena }: Scene,
  serverGroup: string,
): Promise<readonly InstanceRefresh[]> {
  const { InstanceRefreshes = [] } = await arena.hands.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: serverGroup }),
  );
  return InstanceRefreshes.filter(({ DesiredConfiguration }) => DesiredConfiguration === undefined);
}

/** Nobody has cancelled it or rolled it back. */
async function leftAlone(scene: EndedScene): Promise<readonly string[]> {
  const groups = [...new Set([scene.source, scene.target])];
  const found = await Promise.all(
    groups.map((name) => foreignRefreshes(scene, name).catch(noneIfGone)),
  );
  return found
    .flat()
    .filter(({ Status = '' }) => /^(Cancel|Rollback)/.test(Status))
    .map(
      ({ InstanceRefreshId, Status }) =>
        `refresh ${InstanceRefreshId} of someone else is ${Status}`,
    );
}

/** In place the stage waits for it with its id, start and percentage; elsewhere the plan says that it runs beside. */
async function shownToPeople(scene: EndedScene, isInPlace: boolean): Promise<readonly string[]> {
  const refreshes = await foreignRefreshes(scene, scene.source);
  const refreshId = refreshes.at(-1)?.InstanceRefreshId ?? 'none';
  const attempt = scene.view.stages[0]?.attempts.at(-1);
  const isNamed = (text: string) => text.includes(refreshId) && /since .*, \d+ %/.test(text);
  const waited = scene.watcher.events.some(
    ({ event }) =>
      event.kind === 'stage.waiting' &&
      event.waitingFor?.reason === 'refresh' &&
      isNamed(event.waitingFor.message),
  );
  return [
    ...((attempt?.plan?.warnings ?? []).some(isNamed) ? [] : [`no plan named ${refreshId}`]),
    ...(isInPlace && !waited ? [`no wait named ${refreshId}`] : []),
  ];
}

async function untilNoneOrEnded(scene: RunningScene): Promise<void> {
  const { arena, source } = scene;
  const active = async () => {
    const { InstanceRefreshes: [newest] = [] } = await arena.hands.autoScaling.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: source }),
    );
    return newest?.Status === 'Cancelling';
  };
  await awaitSoon('the end of our refresh', async () => !(await active()));
}

function noneIfGone(error: unknown): readonly InstanceRefresh[] {
  if (!(error instanceof Error) || error.name !== 'ValidationError') throw error;
  return [];
}
