import { DescribeInstanceRefreshesCommand } from '@aws-sdk/client-auto-scaling';
import { ModifyTargetGroupAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';

import { groupsOf, makeFleet, registerImage, type Fleet, type Hands } from '../matrix/fleet.js';
import { deploying, pipelineOf, strategies, type StrategyUnderTest } from '../matrix/strategies.js';
import type { EventWatcher } from '../support/e2e/event-watcher.js';
import type { Gennaker } from '../support/e2e/gennaker.js';
import type { Period } from './aws-at-work.js';

/** What is measured: the matrix's strategies, without pauses by request, of which none is ours. */
export const benchStrategies: readonly StrategyUnderTest[] = [
  ...strategies.filter(({ name }) => ['none', 'redBlack', 'rolling'].includes(name)),
  deploying('rollingRedBlack', () => ({ type: 'rollingRedBlack', targetPercents: [50, 100] })),
  ...strategies.filter(({ name }) => ['blueGreen without a warm time', 'canary'].includes(name)),
];

const size = { min: 3, desired: 3, max: 3 };
/**
 * AWS's default is 300 s. Less ends the bench sooner and makes nothing easier: a wait of a minute is long already for
 * who looks every 5 s.
 */
const drainSeconds = 60;
/** So much of AWS's time makes a fleet healthy; it need not pass in ours. */
const settleSeconds = 60;
const timeoutSeconds = 3_000;

/** A fleet of three, healthy, behind a load balancer of its own that drains as those of production do. */
export async function layFleet(gennaker: Gennaker, hands: Hands, index: number): Promise<Fleet> {
  const laid = makeFleet(gennaker, hands, {
    stack: `b${index}`,
    size,
    instanceTypes: ['t3.micro', 't3.micro'],
  });
  let isLaid = false;
  const hurry = (async () => {
    while (!isLaid) {
      await gennaker.aws.advance(settleSeconds);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  const fleet = await laid.finally(() => (isLaid = true));
  await hurry;
  for (const TargetGroupArn of fleet.targetGroupArns) {
    const Attributes = [
      { Key: 'deregistration_delay.timeout_seconds', Value: String(drainSeconds) },
    ];
    await hands.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  }
  return fleet;
}

/** A deploy that has ended well. */
export interface Played {
  /** From the start of its stage to its end. */
  readonly attempt: Period;
  /** When a person was asked, up to the answer. */
  readonly asked: readonly Period[];
}

/** Deploys a new image; whatever asks a person is answered with yes at once. Throws where it does not succeed. */
export async function deploy(
  gennaker: Gennaker,
  hands: Hands,
  { strategy, fleet }: { readonly strategy: StrategyUnderTest; readonly fleet: Fleet },
): Promise<Played> {
  const imageId = await registerImage(hands, `image-${fleet.cluster}`);
  const id = await gennaker.api.run(pipelineOf(strategy, fleet, { imageId, timeoutSeconds }));
  const watcher = gennaker.watch(id);
  const approving = approve(gennaker, id, watcher);
  await Promise.all([watcher.done, approving]);
  const { status, stages } = await gennaker.api.execution(id);
  const attempt = stages[0]?.attempts[0];
  if (status !== 'SUCCEEDED' || attempt?.endedAt === undefined || attempt.endedAt === null)
    throw new Error(`${strategy.name}: ${JSON.stringify(attempt?.error)}`);
  return {
    attempt: { fromMs: Date.parse(attempt.startedAt), toMs: Date.parse(attempt.endedAt) },
    asked: askedIn(watcher),
  };
}

/** When Auto Scaling replaced instances of the fleet's groups, by its own word, in our time. */
export async function refreshesOf(
  gennaker: Gennaker,
  hands: Hands,
  { cluster }: Fleet,
): Promise<readonly Period[]> {
  const aheadMs = (await gennaker.aws.now()).getTime() - Date.now();
  const names = await groupsOf(hands, cluster);
  const replies = await Promise.all(
    names.map((AutoScalingGroupName) =>
      hands.autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName })),
    ),
  );
  return replies
    .flatMap(({ InstanceRefreshes = [] }) => InstanceRefreshes)
    .flatMap(({ StartTime, EndTime }) =>
      StartTime === undefined || EndTime === undefined
        ? []
        : [{ fromMs: StartTime.getTime() - aheadMs, toMs: EndTime.getTime() - aheadMs }],
    );
}

async function approve(gennaker: Gennaker, id: string, watcher: EventWatcher): Promise<void> {
  const answered = new Set<string>();
  for (;;) {
    const { event } = await watcher.until(
      (one) =>
        one.kind === 'execution.finished' ||
        (one.kind === 'judgment.requested' && !answered.has(one.judgment.judgmentId)),
      timeoutSeconds * 1_000,
    );
    if (event.kind !== 'judgment.requested') return;
    const { judgmentId } = event.judgment;
    answered.add(judgmentId);
    const body = { decision: 'continue', judgmentId, by: 'bench', reason: 'go on' };
    await gennaker.api.post(`/v1/executions/${id}/stages/deploy/judge`, body);
  }
}

function askedIn({ events }: EventWatcher): readonly Period[] {
  return events.flatMap(({ at, event }) => {
    if (event.kind !== 'judgment.requested') return [];
    const { judgmentId } = event.judgment;
    const given = events.find(
      (one) => one.event.kind === 'judgment.given' && one.event.judgmentId === judgmentId,
    );
    return given === undefined ? [] : [{ fromMs: Date.parse(at), toMs: Date.parse(given.at) }];
  });
}
