import {
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  analysesOf,
  canaryAttempt,
  canaryPipeline,
  passStep,
} from '../support/e2e/canary-scenes.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { expectSucceeded } from '../support/e2e/scenes.js';
import { clusterPicture } from '../support/e2e/story.js';

/** A day of traffic lies behind; each test goes on where the one before has ended. */
let gennaker: Gennaker;
let elb: ElasticLoadBalancingV2Client;
let faulty: string;
let seededTargetGroups: readonly string[];
beforeAll(async () => {
  gennaker = await Gennaker.start();
  faulty = gennaker.seeded.imageIds['1.1.0'];
  elb = new ElasticLoadBalancingV2Client({
    endpoint: gennaker.aws.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: gennaker.seeded.accountId, secretAccessKey: 'stand-in' },
  });
  seededTargetGroups = (await loadBalancing()).targetGroups;
  await gennaker.aws.startTraffic('web-prod', 50);
  await gennaker.aws.advance(24 * 3600);
}, 120_000);
afterAll(async () => {
  elb.destroy();
  await gennaker.close();
});
afterEach(async () => {
  await gennaker.aws.clearFaults();
  const { requests, requestsWithNoHealthyTarget } = await gennaker.aws.traffic();
  expect(requests).toBeGreaterThan(0);
  expect(requestsWithNoHealthyTarget).toBe(0);
});

/** What the listener forwards to, and which target groups there are. */
async function loadBalancing(): Promise<{
  readonly weights: readonly (readonly [string, number])[];
  readonly targetGroups: readonly string[];
}> {
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: gennaker.seeded.loadBalancerArn }),
  );
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({}));
  const nameOf = (arn: string | undefined) => arn?.split('/').at(-2) ?? '';
  const action = Listeners?.[0]?.DefaultActions?.at(-1);
  return {
    weights: (action?.ForwardConfig?.TargetGroups ?? []).map(
      ({ TargetGroupArn, Weight }) => [nameOf(TargetGroupArn), Weight ?? 1] as const,
    ),
    targetGroups: (TargetGroups ?? [])
      .map(({ TargetGroupName = '' }) => TargetGroupName)
      .toSorted(),
  };
}

/** Nothing of the canary is left: one target group, with all requests, and no fleet beside the cluster's. */
async function expectNothingTemporary(): Promise<void> {
  const { weights, targetGroups } = await loadBalancing();
  expect(weights.map(([name]) => name)).toEqual(['web-prod']);
  expect(targetGroups).toEqual(seededTargetGroups);
  const made = (await gennaker.aws.ledger()).filter(
    ({ action, executed }) => action === 'CreateAutoScalingGroup' && executed,
  );
  const temporary = made
    .flatMap(({ resources }) => resources)
    .filter((name) => /-(canary|baseline)$/.test(name));
  const deleted = await gennaker.deletedServerGroups();
  expect(temporary.filter((name) => !deleted.includes(name))).toEqual([]);
}

describe('a canary', () => {
  test('of an image with two percent more errors is rolled back, with the evidence in the report', async () => {
    await gennaker.aws.imageErrors(faulty, 0.02);
    const before = await clusterPicture(gennaker);
    const id = await gennaker.api.run(await canaryPipeline());
    const watcher = gennaker.watch(id);
    await passStep(gennaker, watcher, 10);
    await watcher.done;
    const attempt = await canaryAttempt(gennaker, id);
    expect([attempt.status, attempt.error?.code]).toEqual(['TERMINAL', 'CANARY_FAILED']);
    expect(attempt.error?.message).toMatch(
      /harm is shown: more than 1.5 times the control's rate: errors5xx/,
    );
    expect(attempt.summary?.evidence?.serverGroup).toBe('web-prod-v001-canary');
    expect(attempt.analyses).toMatchObject([{ analysisId: 'analyse:10', outcome: 'fail' }]);
    const [row] = await analysesOf(gennaker, id);
    const errors = row?.report.metrics.find(({ name }) => name === 'errorsPerMillion');
    expect(errors).toMatchObject({ verdict: 'High', control: { mean: 0 } });
    expect(errors?.experiment.mean).toBeGreaterThan(12_000);
    expect(row?.report.arms.map(({ name, plannedWeight }) => [name, plannedWeight])).toEqual([
      ['web-prod-v000', 80],
      ['web-prod-v001-baseline', 10],
      ['web-prod-v001-canary', 10],
    ]);
    expect(attempt.summary?.notUndone).toEqual([]);
    expect(await clusterPicture(gennaker)).toEqual(before);
    await expectNothingTemporary();
  }, 180_000);

  test('of a good image is promoted: all of it is healthy before anything leaves traffic', async () => {
    await gennaker.aws.imageErrors(faulty, 0);
    const id = await gennaker.api.run(await canaryPipeline());
    const watcher = gennaker.watch(id);
    await passStep(gennaker, watcher, 10);
    expect((await loadBalancing()).weights.map(([, weight]) => weight)).toEqual([80, 10, 10]);
    await passStep(gennaker, watcher, 30);
    await expectSucceeded(gennaker, { executionId: id, watcher });
    const attempt = await canaryAttempt(gennaker, id);
    expect(attempt.analyses?.map(({ stepId, outcome, score }) => [stepId, outcome, score])).toEqual(
      [
        ['analyse:10', 'pass', 100],
        ['analyse:30', 'pass', 100],
      ],
    );
    expect(await clusterPicture(gennaker)).toEqual([
      'web-prod-v000 disabled 0/3',
      'web-prod-v002 enabled 3/3',
    ]);
    await expectNothingTemporary();
  }, 240_000);

  test('that nobody can judge is held, and is promoted by hand', async () => {
    const strategy = {
      steps: [{ weightPercent: 20, pause: { requests: 100_000_000, minutesMax: 55 } }],
    };
    const id = await gennaker.api.run(await canaryPipeline({ imageName: 'web-1.0.0', strategy }));
    const watcher = gennaker.watch(id);
    await passStep(gennaker, watcher, 20);
    await watcher.until((event) => event.kind === 'judgment.requested');
    const [question] = (await canaryAttempt(gennaker, id)).judgments ?? [];
    expect(question?.instructions).toMatch(
      /the canary is held, since it had only \d+ requests that count/,
    );
    // Both arms run on while nobody answers: a quarter of an hour later there is another report.
    await gennaker.aws.advance(16 * 60);
    await watcher.until(
      (event) =>
        event.kind === 'analysis.finished' && event.analysis.analysisId === 'analyse:20:held:1',
    );
    const { waitingFor } = await canaryAttempt(gennaker, id);
    expect(waitingFor?.message).toMatch(/the newest analysis, of \d+ minutes, says pass/);
    expect((await analysesOf(gennaker, id))[0]?.analysisId).toBe('analyse:20:held:1');
    const answer = await gennaker.api.post(`/v1/executions/${id}/stages/deploy/judge`, {
      decision: 'continue',
      by: 'ann',
      reason: 'the volume was a guess',
    });
    expect(answer.status).toBe(200);
    await expectSucceeded(gennaker, { executionId: id, watcher });
    const { steps } = await canaryAttempt(gennaker, id);
    expect(steps.find(({ stepId }) => stepId === 'analyse:20')?.outputs).toMatchObject({
      continuedBy: 'ann',
      reason: 'the volume was a guess',
    });
    await expectNothingTemporary();
  }, 240_000);
});
