import type { AwaitHealthyInput } from '@gennaker/contract/wire';
import type { DeployPlan } from '@gennaker/domain';
import { CancelledFailure } from '@temporalio/activity';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  activityEnvironment,
  activityOf,
  operation,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { throttleOnce } from '../../support/activities/faults.js';
import { newGroup, oldGroup, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';
import type { OtherHands } from '../../support/activities/other-hands.js';

let world: AwsWorld;
let others: OtherHands;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, others, deploy } = given);
});
let plan: DeployPlan;
let arn: string;
beforeEach(async () => {
  plan = await deploy.plan();
  ({ arn } = await deploy.create(plan));
});

function healthy(changes: Partial<AwaitHealthyInput> = {}, seconds = 60): AwaitHealthyInput {
  const deadline = new Date(Date.now() + seconds * 1_000).toISOString();
  return {
    context: operation('healthy', newGroup, { priority: 'wait', deadline }),
    subject: subject(newGroup),
    instancesHealthyMin: 3,
    arn,
    ...changes,
  };
}

function wait(input: AwaitHealthyInput) {
  return world.run('awaitServerGroupHealthy', input);
}

function messages(): readonly string[] {
  return world.events.flatMap(({ event }) =>
    event.kind === 'stage.waiting' && event.waitingFor !== null ? [event.waitingFor.message] : [],
  );
}

describe('waiting for healthy instances', () => {
  it('counts instances that their target groups and EC2 call healthy, and tells of it', async () => {
    const waiting = wait(healthy());
    await expect.poll(() => world.events.length).toBeGreaterThan(0);
    await deploy.resize(plan);
    await expect(waiting).resolves.toMatchObject({ healthy: 3, wanted: 3 });
    const [first] = world.events;
    expect(first).toMatchObject({
      key: 'p:deploy:1:test-1-1',
      event: {
        kind: 'stage.waiting',
        refId: 'deploy',
        attempt: 1,
        waitingFor: {
          reason: 'healthy',
          message: expect.stringMatching(/^0 of 3 instances healthy, 0 in service$/) as string,
          done: 0,
          wanted: 3,
        },
      },
    });
  });

  it('ends at once where no instance is needed', async () => {
    await expect(wait(healthy({ instancesHealthyMin: 0 }))).resolves.toMatchObject({ healthy: 0 });
  });

  it('does not mind a look that was throttled', async () => {
    await deploy.resize(plan);
    await throttleOnce(world.control, 'DescribeTargetHealth');
    await expect(wait(healthy())).resolves.toMatchObject({ healthy: 3 });
  });

  it('fails when the group is removed by someone else', async () => {
    const waiting = wait(healthy());
    await others.deleteServerGroup(newGroup);
    await expect(waiting).rejects.toMatchObject({ type: 'SUBJECT_VANISHED', nonRetryable: true });
  });

  it('does not take another group of the same name for its own', async () => {
    await deploy.resize(plan);
    await expect(wait(healthy({ arn: `${arn}-of-before` }))).rejects.toMatchObject({
      type: 'SUBJECT_VANISHED',
      message: expect.stringContaining(arn) as string,
    });
  });

  it('ends at its deadline with the counts and the words of Auto Scaling', async () => {
    await world.control.capacity(false);
    await deploy.resize(plan);
    await expect(wait(healthy({}, 2))).rejects.toMatchObject({
      type: 'STAGE_TIMEOUT',
      nonRetryable: true,
      message: expect.stringMatching(
        /had 0 of 3 healthy.*Auto Scaling says: .*capacity/i,
      ) as string,
    });
    expect(messages()).toEqual(['0 of 3 instances healthy, 0 in service']);
  });

  it('gives up early when launches fail for a reason that waiting cannot cure', async () => {
    const image = world.seeded.imageIds['1.1.0'];
    await others.deregisterImage(image);
    await deploy.resize(plan);
    await expect(wait(healthy())).rejects.toMatchObject({
      type: 'LAUNCH_FAILED',
      nonRetryable: true,
      message: expect.stringContaining(image) as string,
    });
  });

  it('gives up early when the account has no vCPUs for it, in the words of EC2', async () => {
    await world.control.quota('standardVcpus', 2 * world.seeded.instanceIds.length);
    await deploy.resize(plan);
    await expect(wait(healthy())).rejects.toMatchObject({
      type: 'LAUNCH_FAILED',
      nonRetryable: true,
      message: expect.stringContaining('more vCPU capacity than your current vCPU limit') as string,
    });
  });

  it('ends when it is cancelled', async () => {
    const environment = activityEnvironment();
    const waiting = environment.run(
      activityOf(world.activities, 'awaitServerGroupHealthy'),
      healthy(),
    );
    await expect.poll(() => world.events.length).toBeGreaterThan(0);
    environment.cancel();
    await expect(waiting).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('does not say how many are healthy when it came too late to look', async () => {
    await expect(wait(healthy({}, 0))).rejects.toMatchObject({
      type: 'STAGE_TIMEOUT',
      message: expect.stringContaining('Nobody had looked yet') as string,
      details: [
        expect.objectContaining({ details: expect.objectContaining({ healthy: null }) as object }),
      ],
    });
  });
});

describe('waiting for what leaves', () => {
  it('ends once no target group knows an instance any more, telling how many still drain', async () => {
    await deploy.disable(await deploy.capture());
    await deploy.drained();
    expect(messages().some((message) => message.includes('draining'))).toBe(true);
  });

  it('ends at its deadline while instances are still registered', async () => {
    const deadline = new Date(Date.now() + 300).toISOString();
    const context = operation('disable', oldGroup, { priority: 'wait', deadline });
    const input = { context, subject: subject(oldGroup) };
    await expect(world.run('awaitServerGroupDrained', input)).rejects.toMatchObject({
      type: 'STAGE_TIMEOUT',
      message: expect.stringContaining('3 instances still draining') as string,
    });
    await expect(world.run('awaitServerGroupGone', input)).rejects.toMatchObject({
      type: 'STAGE_TIMEOUT',
    });
  });

  it('takes a group that is gone for drained', async () => {
    await others.deleteServerGroup(newGroup);
    await expect(deploy.drained(newGroup)).resolves.toBeUndefined();
  });
});
