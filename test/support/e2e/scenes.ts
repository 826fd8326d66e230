import { expect } from 'vitest';

import type { EventWatcher } from './event-watcher.js';
import type { Gennaker } from './gennaker.js';
import { clusterPicture, gapsIn, redBlackPipeline } from './story.js';

/** Where a deploy is interrupted: the AWS call that is held open meanwhile. */
export interface Interruption {
  readonly action: string;
  readonly point: 'before' | 'after';
}

/** An execution whose deploy stands still in the middle of an AWS call. */
export interface HeldDeploy {
  readonly executionId: string;
  readonly watcher: EventWatcher;
  /** Lets the held call, and all later ones, go on. */
  release(): Promise<void>;
}

/** Starts a red/black deploy and stops it in the middle of a call. */
export async function holdDeploy(
  gennaker: Gennaker,
  interruption: Interruption,
  vary: Parameters<typeof redBlackPipeline>[0] = {},
): Promise<HeldDeploy> {
  const { action, point } = interruption;
  await gennaker.aws.fault({ match: { action }, point, effect: { kind: 'hold' }, times: 1 });
  const executionId = await gennaker.api.run(await redBlackPipeline(vary));
  const watcher = gennaker.watch(executionId);
  const hold = await gennaker.aws.nextHold();
  return { executionId, watcher, release: () => gennaker.aws.release(hold) };
}

/** The execution has ended well, and its watcher has missed nothing. */
export async function expectSucceeded(
  gennaker: Gennaker,
  { executionId, watcher }: Pick<HeldDeploy, 'executionId' | 'watcher'>,
): Promise<void> {
  await watcher.done;
  const view = await gennaker.api.execution(executionId);
  expect(
    view.status,
    JSON.stringify(view.stages.map((stage) => stage.attempts.at(-1)?.error)),
  ).toBe('SUCCEEDED');
  expect(gapsIn(watcher.events.map((event) => event.position))).toEqual([]);
  expect(watcher.events).toHaveLength(view.position);
}

/** Exactly one server group serves, whole, and it is this one. */
export async function expectServing(gennaker: Gennaker, serverGroup: string): Promise<void> {
  const enabled = (await clusterPicture(gennaker)).filter((line) => line.includes(' enabled '));
  expect(enabled).toEqual([`${serverGroup} enabled 3/3`]);
}
