import type { ReleasedScaling, ReleaseScalingInput } from '@gennaker/contract/wire';
import type { Capacity, ScheduledAction } from '@gennaker/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { oldGroup } from '../../support/activities/red-black.js';
import { eachTestInNewWorld, viewNow } from '../../support/activities/new-world.js';
import type { OtherHands } from '../../support/activities/other-hands.js';

const longAgo = '2020-01-01T00:00:00.000Z';
const farAhead = '2100-01-01T00:00:00.000Z';

let world: AwsWorld;
let others: OtherHands;
eachTestInNewWorld((given) => {
  ({ world, others } = given);
});
let arn: string;
beforeEach(async () => {
  await others.resize(oldGroup, { min: 1, desired: 3, max: 6 });
  await world.aws
    .region(account, region)
    .suspendProcesses(oldGroup, ['ScheduledActions', 'AZRebalance'], { priority: 'write' });
  arn = (await viewNow(world)).arn;
});

function action(name: string, sizes: Partial<ScheduledAction>): ScheduledAction {
  const unset = { min: null, max: null, desired: null };
  const when = { recurrence: '0 2 * * *', timeZone: null, startAt: longAgo, endAt: null };
  return { name, ...when, ...unset, ...sizes };
}

function input(part: Partial<ReleaseScalingInput> = {}): ReleaseScalingInput {
  return {
    context: operation('releaseScaling', oldGroup),
    subject: subject(oldGroup),
    arn,
    resumes: ['ScheduledActions'],
    scheduledActions: [],
    ...part,
  };
}

const release = (part: Partial<ReleaseScalingInput> = {}): Promise<ReleasedScaling> =>
  world.runWithRetries('releaseScaling', input(part));

const asItWas: Capacity = { min: 1, desired: 3, max: 6 };

async function updates(): Promise<number> {
  return (await world.calls()).filter((call) => call.action === 'UpdateAutoScalingGroup').length;
}

describe('releasing the scaling of a server group', () => {
  it('resumes what was held and nothing else, and is harmless twice', async () => {
    expect(await release()).toEqual({ missed: [], capacity: asItWas });
    expect((await viewNow(world)).suspendedProcesses).toEqual(['AZRebalance']);
    expect(await release()).toEqual({ missed: [], capacity: asItWas });
    expect(await updates()).toBe(1);
  });

  it('makes up for a missed action that makes the group larger', async () => {
    const morning = action('morning', { min: 4, desired: 5, max: 9 });
    const grown = { min: 4, desired: 5, max: 9 };
    expect(await release({ scheduledActions: [morning] })).toEqual({
      missed: ['morning'],
      capacity: grown,
    });
    expect((await viewNow(world)).capacity).toEqual(grown);
  });

  it('names a missed action that makes it smaller, and leaves the size to people', async () => {
    const night = action('night', { min: 0, desired: 1 });
    const later = action('later', { desired: 6, startAt: farAhead });
    expect(await release({ scheduledActions: [night, later] })).toEqual({
      missed: ['night'],
      capacity: asItWas,
    });
    expect((await viewNow(world)).capacity).toEqual(asItWas);
  });

  it.each(['ResumeProcesses', 'UpdateAutoScalingGroup'])(
    'ends the same when the reply of %s is lost, and when it is throttled',
    async (call) => {
      const morning = action('morning', { min: 4, desired: 5 });
      await loseReply(world.control, call);
      await throttleOnce(world.control, call);
      await release({ scheduledActions: [morning] });
      expect(await viewNow(world)).toMatchObject({
        suspendedProcesses: ['AZRebalance'],
        capacity: { min: 4, desired: 5, max: 6 },
      });
    },
  );

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'ResumeProcesses');
    await expect(world.run('releaseScaling', input())).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
      message: expect.stringContaining('ResumeProcesses') as string,
    });
  });

  it('says that the group has vanished, also where another has taken its name', async () => {
    const vanished = { type: 'SUBJECT_VANISHED', nonRetryable: true };
    await expect(world.run('releaseScaling', input({ arn: 'arn:other' }))).rejects.toMatchObject(
      vanished,
    );
    await others.deleteServerGroup(oldGroup);
    await world.settle();
    await expect(world.run('releaseScaling', input())).rejects.toMatchObject(vanished);
  });
});
