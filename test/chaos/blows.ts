import type { ExecutionEvent } from '@gennaker/domain';
import type { EventWatcher } from '../support/e2e/event-watcher.js';
import type { Gennaker } from '../support/e2e/gennaker.js';
import type { SeededRandom } from './random.js';

/** What can be killed with kill -9. */
export const victims = ['worker', 'api', 'temporal', 'postgres'] as const;
export type Victim = (typeof victims)[number];

/** An exact instant of a deploy: a call to AWS that is kept open, or an event that a watcher has seen. */
export type Instant =
  | { readonly kind: 'call'; readonly action: string; readonly point: 'before' | 'after' }
  | { readonly kind: 'event'; readonly event: ExecutionEvent['kind']; readonly step?: string };

/** One kill: who, and when. */
export interface Blow {
  readonly victim: Victim;
  readonly instant: Instant;
}

const forward: readonly Instant[] = [
  ...callsOf([
    'CreateLaunchTemplate',
    'CreateAutoScalingGroup',
    'UpdateAutoScalingGroup',
    'SuspendProcesses',
    'DeregisterTargets',
  ]),
  { kind: 'event', event: 'stage.planned' },
  { kind: 'event', event: 'stage.waiting' },
  { kind: 'event', event: 'step.finished', step: 'createServerGroup' },
  { kind: 'event', event: 'step.finished', step: 'awaitHealthy' },
  { kind: 'event', event: 'step.finished', step: 'disableServerGroup' },
];

const failing: readonly Instant[] = [
  ...callsOf(['CreateAutoScalingGroup', 'UpdateAutoScalingGroup']),
  ...callsOf(['DeleteAutoScalingGroup', 'DeleteLaunchTemplate']),
  { kind: 'event', event: 'stage.waiting' },
  { kind: 'event', event: 'undo.started' },
  { kind: 'event', event: 'undo.entryStarted' },
  { kind: 'event', event: 'undo.entryFinished' },
];

/** The four kills of one round, one in each part of the story: every victim once. */
export function planBlows(random: SeededRandom): readonly [Blow, Blow, Blow, Blow] {
  const [first, second, third, fourth] = random.shuffled(victims);
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) {
    throw new Error('there are four victims');
  }
  return [
    { victim: first, instant: random.pick(forward) },
    { victim: second, instant: random.pick(failing) },
    { victim: third, instant: random.pick(forward) },
    { victim: fourth, instant: random.pick(forward) },
  ];
}

/** For people. */
export function wordsOf({ victim, instant }: Blow): string {
  if (instant.kind === 'call') return `${victim} ${instant.point} ${instant.action}`;
  return `${victim} at ${instant.event}${instant.step === undefined ? '' : ` ${instant.step}`}`;
}

/** Starts something, kills the victim at the very instant, starts the victim again. What `start` gave comes back. */
export async function strike(
  gennaker: Gennaker,
  { victim, instant }: Blow,
  work: { readonly attempt: number; readonly start: () => Promise<EventWatcher> },
): Promise<EventWatcher> {
  if (instant.kind === 'event') {
    const watcher = await work.start();
    await watcher.until((event) => isAt(event, { ...instant, attempt: work.attempt }, watcher));
    await kill(gennaker, victim);
    await startAgain(gennaker, victim);
    return watcher;
  }
  const { action, point } = instant;
  await gennaker.aws.fault({ match: { action }, point, effect: { kind: 'hold' }, times: 1 });
  const watcher = await work.start();
  const hold = await gennaker.aws.nextHold();
  await kill(gennaker, victim);
  await gennaker.aws.release(hold);
  await startAgain(gennaker, victim);
  return watcher;
}

function isAt(
  event: ExecutionEvent,
  instant: Extract<Instant, { kind: 'event' }> & { readonly attempt: number },
  watcher: EventWatcher,
): boolean {
  if (event.kind !== instant.event || !('refId' in event)) return false;
  if (event.refId !== 'deploy' || event.attempt !== instant.attempt) return false;
  if (event.kind !== 'step.finished') return true;
  return operationOf(watcher, event) === instant.step;
}

/** A finished step tells its id; the operation stands in the event of its start. */
function operationOf(
  watcher: EventWatcher,
  finished: Extract<ExecutionEvent, { kind: 'step.finished' }>,
): string | undefined {
  return watcher.events
    .map(({ event }) => event)
    .flatMap((event) => (event.kind === 'step.started' ? [event] : []))
    .find((event) => event.stepId === finished.stepId && event.attempt === finished.attempt)
    ?.operation;
}

async function kill(gennaker: Gennaker, victim: Victim): Promise<void> {
  switch (victim) {
    case 'worker':
      return await gennaker.worker.kill();
    case 'api':
      return await gennaker.apiProcess.kill();
    case 'temporal':
      return await gennaker.services.temporal.kill();
    case 'postgres':
      return await gennaker.services.postgres.kill();
  }
}

async function startAgain(gennaker: Gennaker, victim: Victim): Promise<void> {
  switch (victim) {
    case 'worker':
      return await gennaker.worker.start();
    case 'api':
      return await gennaker.apiProcess.start();
    case 'temporal':
      return await gennaker.services.temporal.start();
    case 'postgres':
      return await gennaker.services.postgres.start();
  }
}

function callsOf(actions: readonly string[]): readonly Instant[] {
  return actions.flatMap((action) => [
    { kind: 'call', action, point: 'before' } as const,
    { kind: 'call', action, point: 'after' } as const,
  ]);
}
