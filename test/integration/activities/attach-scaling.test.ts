import type { AttachedScaling, AttachScalingInput } from '@gennaker/contract/wire';
import type { DeployPlan, PlannedScaling } from '@gennaker/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { OtherHands } from '../../support/activities/other-hands.js';
import { newGroup, oldGroup, type RedBlack } from '../../support/activities/red-black.js';
import { opsTopic, placeOf, RichGroup } from '../../support/activities/rich-group.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

const changes = [
  'SuspendProcesses',
  'BatchPutScheduledUpdateGroupAction',
  'PutScalingPolicy',
  'PutMetricAlarm',
  'PutWarmPool',
] as const;

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});
let old: RichGroup;
let plan: DeployPlan;
let arn: string;
beforeEach(async () => {
  old = new RichGroup(placeOf(world), oldGroup);
  await old.scaleBySteps();
  await old.scaleInWhenIdle();
  await old.trackCpu();
  await old.schedule('night', { MinSize: 1, DesiredCapacity: 1 });
  await old.schedule('party', { MaxSize: 9 }, new Date(Date.now() + 86_400_000));
  await old.keepWarmPool();
  plan = await deploy.plan();
  arn = (await deploy.create(plan)).arn;
});
afterEach(async () => {
  old.close();
});

function scaling(): PlannedScaling {
  const planned = plan.target.carriedOver?.scaling;
  if (planned === undefined) throw new Error('the plan carries nothing over');
  return planned;
}

function input(part: Partial<AttachScalingInput> = {}): AttachScalingInput {
  return {
    context: operation('attachScaling', newGroup),
    subject: subject(newGroup),
    arn,
    scaling: scaling(),
    holds: ['ScheduledActions'],
    ...part,
  };
}

const attach = (part: Partial<AttachScalingInput> = {}): Promise<AttachedScaling> =>
  world.runWithRetries('attachScaling', input(part));

/** What the new group has, by name; the alarms that are its own policies' alone. */
async function attachedNow() {
  await world.settle();
  const aws = world.aws.region(account, region);
  const options = { priority: 'screen', withAlarms: true } as const;
  const { policies, alarms, scheduledActions } = await aws.describeAttachments(newGroup, options);
  return {
    policies: policies.map(({ name, type }) => `${name} ${type}`),
    alarms: alarms.map(({ name }) => name),
    scheduledActions: scheduledActions.map(({ name }) => name),
  };
}

const everything = {
  policies: ['idle SimpleScaling', 'step StepScaling', 'track TargetTrackingScaling'],
  alarms: ['web-prod-v001-cpu-high', 'web-prod-v001-idle'],
  scheduledActions: ['night', 'party'],
};

describe('attaching what moves the size of a server group', () => {
  it('gives it the policies, an alarm of its own for each old one, the schedules and the warm pool', async () => {
    expect(await attach()).toEqual({
      policies: ['idle', 'step', 'track'],
      alarms: everything.alarms,
      scheduledActions: ['party', 'night'],
      over: [],
    });
    expect(await attachedNow()).toEqual(everything);
    const [high] = await old.alarms('web-prod-v001-cpu-high');
    expect(high).toMatchObject({
      Threshold: 80,
      EvaluationPeriods: 12,
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: newGroup }],
      AlarmActions: [
        expect.stringContaining(`autoScalingGroupName/${newGroup}:policyName/step`),
        opsTopic,
      ],
    });
    const [group] = await world.aws
      .region(account, region)
      .describeServerGroups([newGroup], { priority: 'screen' });
    expect(group?.settings.carriedOver.warmPool).toEqual({ MinSize: 1, PoolState: 'Stopped' });
  });

  it('leaves the alarms of the old group, and those that Auto Scaling makes, as they are', async () => {
    await attach();
    const names = (await old.alarms()).map(({ AlarmName: name = '' }) => name).toSorted();
    expect(names.map((name) => name.replace(/-Alarm(High|Low)-.*$/, '-Alarm$1'))).toEqual([
      'TargetTracking-web-prod-v000-AlarmHigh',
      'TargetTracking-web-prod-v000-AlarmLow',
      'TargetTracking-web-prod-v001-AlarmHigh',
      'TargetTracking-web-prod-v001-AlarmLow',
      'web-prod-v000-cpu-high',
      'web-prod-v000-idle',
      'web-prod-v001-cpu-high',
      'web-prod-v001-idle',
    ]);
    const [before] = await old.alarms('web-prod-v000-cpu-high');
    expect(before?.Dimensions).toEqual([{ Name: 'AutoScalingGroupName', Value: oldGroup }]);
  });

  it('holds the scheduled actions before the first of them is there', async () => {
    await attach();
    const calls = (await world.calls()).map(({ action }) => action);
    expect(calls.lastIndexOf('SuspendProcesses')).toBeLessThan(
      calls.indexOf('BatchPutScheduledUpdateGroupAction'),
    );
    await world.settle();
    const view = await world.run('readCluster', { cluster: plan.cluster, priority: 'screen' });
    const made = view.serverGroups.find((group) => group.name === newGroup);
    expect(made?.suspendedProcesses).toEqual(['ScheduledActions']);
  });

  it('makes nothing twice when it is run again, and finishes what was half done', async () => {
    const { policies, alarms } = scaling();
    await attach({ scaling: { ...scaling(), policies: policies.slice(0, 1), alarms: [] } });
    await attach();
    const before = await attachedNow();
    await attach();
    expect(await attachedNow()).toEqual(before);
    expect(before).toEqual(everything);
    expect(alarms).toHaveLength(2);
  });

  it.each(changes)(
    'has all of it once when the reply of %s is lost, and when it is throttled',
    async (action) => {
      await loseReply(world.control, action);
      await throttleOnce(world.control, action);
      await attach();
      expect(await attachedNow()).toEqual(everything);
    },
  );

  it.each(changes)('fails at once, saying what is missing, when %s is denied', async (action) => {
    await deny(world.control, action);
    await expect(world.run('attachScaling', input())).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
      message: expect.stringContaining(action) as string,
    });
  });

  it("never overwrites somebody else's alarm of such a name", async () => {
    const theirs = { ComparisonOperator: 'LessThanThreshold', Threshold: 7 } as const;
    await old.putAlarm('web-prod-v001-idle', theirs);
    await expect(world.run('attachScaling', input())).rejects.toMatchObject({
      type: 'NAME_CONFLICT',
      nonRetryable: true,
      message: expect.stringContaining(
        'Alarm web-prod-v001-idle exists and is made by someone else',
      ) as string,
    });
    expect(await old.alarms('web-prod-v001-')).toMatchObject([{ Threshold: 7 }]);
  });

  it('leaves out a scheduled action that was due meanwhile, and says so', async () => {
    const [party] = scaling().scheduledActions.filter(({ name }) => name === 'party');
    const untilMs = Date.parse(party?.startAt ?? '') - Date.parse((await awsNow()).toISOString());
    await world.advance(untilMs / 1_000);
    expect(await attach()).toMatchObject({ scheduledActions: ['night'], over: ['party'] });
  });

  it('says that the group has vanished, also where another has taken its name', async () => {
    const vanished = { type: 'SUBJECT_VANISHED', nonRetryable: true };
    await expect(world.run('attachScaling', input({ arn: 'arn:other' }))).rejects.toMatchObject(
      vanished,
    );
    const others = new OtherHands(world);
    await others.deleteServerGroup(newGroup);
    others.close();
    await world.settle();
    await expect(world.run('attachScaling', input())).rejects.toMatchObject(vanished);
    expect(await old.alarms('web-prod-v001-')).toEqual([]);
  });

  it('notices when someone removes what it has attached', async () => {
    const match = { action: 'PutWarmPool' };
    await world.control.fault({ match, effect: { kind: 'hold' }, times: 1 });
    const attaching = world.run('attachScaling', input()).catch((error: unknown) => error);
    const held = await world.control.nextHold();
    await old.deleteAlarm('web-prod-v001-idle');
    await world.control.release(held);
    expect(await attaching).toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      message: expect.stringContaining('do not show alarm web-prod-v001-idle') as string,
    });
  });
});

async function awsNow(): Promise<Date> {
  await world.aws
    .region(account, region)
    .describeAlarms({ names: ['nobody'] }, { priority: 'screen' });
  const now = world.aws.region(account, region).awsNow();
  if (now === null) throw new Error('AWS has not answered yet');
  return now;
}
