import { describe, expect, it } from 'vitest';
import { operation, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { OtherHands } from '../../support/activities/other-hands.js';
import { oldGroup } from '../../support/activities/red-black.js';
import {
  eachTestInNewRollingWorld,
  text,
  type RollingWorld,
} from '../../support/activities/rolling-world.js';
import type { RefreshHands } from '../../support/activities/refresh-hands.js';
import type { Rolling } from '../../support/activities/rolling.js';

let opened: RollingWorld;
let world: AwsWorld;
let hands: RefreshHands;
let rolling: Rolling;
eachTestInNewRollingWorld((given) => {
  opened = given;
  ({ world, hands, rolling } = given);
});

describe('a refresh of ours', () => {
  it('replaces every instance, telling how far it is in counts and in AWS’s words', async () => {
    const { restore, ours, refreshId } = await rolling.begin();
    const report = await rolling.awaited(restore, { refreshId, ours });
    expect(report).toMatchObject({ refreshId, instances: 3 });
    expect(await rolling.versionsNow()).toEqual({ group: '2', instances: ['2', '2', '2'] });
    const messages = world.events.flatMap(({ event }) =>
      event.kind === 'stage.waiting' && event.waitingFor?.reason === 'refresh'
        ? [event.waitingFor]
        : [],
    );
    expect(messages[0]).toMatchObject({
      message: text(/^\d of 3 instances replaced, \d healthy \(at least 3\)/),
      wanted: 3,
    });
  });

  it('is started once when the reply is lost, and again told when asked again', async () => {
    const restore = await rolling.capture();
    const ours = await rolling.version(restore);
    await loseReply(world.control, 'StartInstanceRefresh');
    const first = await rolling.start(restore, ours);
    expect(await rolling.start(restore, ours)).toEqual(first);
    expect(await opened.callsOf('StartInstanceRefresh')).toBe(1);
    expect(await hands.refreshes()).toHaveLength(1);
  });

  it('starts after a throttled call, and fails at once when denied', async () => {
    const restore = await rolling.capture();
    const ours = await rolling.version(restore);
    await deny(world.control, 'StartInstanceRefresh');
    await expect(rolling.start(restore, ours)).rejects.toMatchObject({ type: 'AWS_DENIED' });
    await world.control.clearFaults();
    await throttleOnce(world.control, 'StartInstanceRefresh');
    expect(await rolling.start(restore, ours)).toMatchObject({ outcome: 'running' });
  });

  it('waits its turn behind another’s, which nobody touches', async () => {
    const restore = await rolling.capture();
    const ours = await rolling.version(restore);
    const foreign = await hands.start();
    await world.settle();
    expect(await rolling.start(restore, ours)).toMatchObject({
      outcome: 'foreign',
      refresh: { refreshId: foreign },
    });
    const context = operation('foreign', oldGroup, { priority: 'wait' });
    await world.run('awaitNoInstanceRefresh', { context, subject: subject(oldGroup) });
    expect(world.events.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({
        waitingFor: expect.objectContaining({
          reason: 'refresh',
          message: text(new RegExp(`${foreign}.*since.*%`)),
        }) as unknown,
      }),
    );
    expect(await hands.status(foreign)).toBe('Successful');
    await world.settle();
    expect(await rolling.start(restore, ours)).toMatchObject({ outcome: 'running' });
  });

  it('does not start over what somebody else has set meanwhile', async () => {
    const restore = await rolling.capture();
    const ours = await rolling.version(restore);
    await hands.launchFrom(await hands.makeVersion());
    await world.settle();
    await expect(rolling.start(restore, ours)).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      message: text(/:1 .*:3 now/),
    });
    expect(await hands.refreshes()).toEqual([]);
  });

  it('tells the wait for another’s in the error when the deadline comes first', async () => {
    await hands.suspend('InstanceRefresh');
    const foreign = await hands.start();
    await world.settle();
    const deadline = new Date(Date.now() + 400).toISOString();
    const context = operation('foreign', oldGroup, { priority: 'wait', deadline });
    const waiting = world.run('awaitNoInstanceRefresh', { context, subject: subject(oldGroup) });
    await expect(waiting).rejects.toMatchObject({
      type: 'STAGE_TIMEOUT',
      message: text(new RegExp(foreign)),
    });
    expect(await opened.callsOf('CancelInstanceRefresh')).toBe(0);
  });

  it('stops as changed by someone else when it is cancelled, naming what runs instead', async () => {
    const { restore, ours, refreshId } = await rolling.begin();
    await hands.cancel();
    await expect.poll(() => hands.status(refreshId)).toBe('Cancelled');
    const foreign = await hands.start();
    await world.settle();
    await expect(rolling.awaited(restore, { refreshId, ours })).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      nonRetryable: true,
      message: text(new RegExp(`${refreshId}.*cancelled.*${foreign}`)),
    });
  });

  it('stops as changed by someone else when it is rolled back by hand', async () => {
    const { restore, ours, refreshId } = await rolling.begin();
    await world.advance(5);
    await hands.rollBack();
    await world.settle();
    await expect(rolling.awaited(restore, { refreshId, ours })).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
    });
  });

  it('ends at its deadline with the counts and the words of Auto Scaling', async () => {
    await world.control.capacity(false);
    const { restore, ours, refreshId } = await rolling.begin();
    await expect(rolling.awaited(restore, { refreshId, ours }, 1.5)).rejects.toMatchObject({
      type: 'STAGE_TIMEOUT',
      message: text(/0 of 3 instances replaced.*Auto Scaling says: .*capacity/),
    });
  });

  it('gives up early when no new instance gets healthy', async () => {
    const image = world.seeded.imageIds['1.1.0'];
    await hands.setGrace(10);
    await world.control.imageFault(image);
    const { restore, ours, refreshId } = await rolling.begin();
    await expect(rolling.awaited(restore, { refreshId, ours })).rejects.toMatchObject({
      type: 'INSTANCE_REFRESH_FAILED',
      message: text(/3 new instances.*ever having been healthy \(i-/),
    });
  });

  it('gives up early when launches fail for good', async () => {
    const others = new OtherHands(world);
    const { restore, ours, refreshId } = await rolling.begin();
    await others.deregisterImage(world.seeded.imageIds['1.1.0']);
    others.close();
    await expect(rolling.awaited(restore, { refreshId, ours })).rejects.toMatchObject({
      type: 'LAUNCH_FAILED',
    });
  });

  it('says when the group is gone', async () => {
    const { restore, ours, refreshId } = await rolling.begin();
    const others = new OtherHands(world);
    await others.deleteServerGroup(oldGroup);
    others.close();
    const vanished = { type: 'SUBJECT_VANISHED' };
    await expect(rolling.awaited(restore, { refreshId, ours })).rejects.toMatchObject(vanished);
    await world.advance(300);
    await expect(rolling.capture()).rejects.toMatchObject(vanished);
    await expect(rolling.undo(restore)).resolves.toMatchObject({ note: text(/gone/) });
  });
});
