import type { RefreshRestoreState } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { deny, loseReply } from '../../support/activities/faults.js';
import { viewNow } from '../../support/activities/new-world.js';
import {
  eachTestInNewRollingWorld,
  text,
  type RollingWorld,
} from '../../support/activities/rolling-world.js';
import { slowPreferences, type Rolling } from '../../support/activities/rolling.js';
import type { AwsWorld } from '../../support/activities/aws-world.js';
import type { RefreshHands } from '../../support/activities/refresh-hands.js';

let opened: RollingWorld;
let world: AwsWorld;
let hands: RefreshHands;
let rolling: Rolling;
eachTestInNewRollingWorld((given) => {
  opened = given;
  ({ world, hands, rolling } = given);
});

describe('the way back', () => {
  const before = { group: '1', instances: ['1', '1', '1'] };

  async function expectRestored(restore: RefreshRestoreState): Promise<void> {
    expect(await rolling.undo(restore)).toEqual({
      state: 'restored',
      note: null,
      instancesHealthyMin: 3,
    });
    expect(await rolling.versionsNow()).toEqual(before);
    expect(await hands.versions()).toEqual(['1']);
  }

  it('is a rollback while ours is in progress', async () => {
    const { restore } = await rolling.begin({ preferences: slowPreferences });
    await world.advance(5);
    await expectRestored(restore);
    expect(await opened.callsOf('RollbackInstanceRefresh')).toBe(1);
    expect(await opened.callsOf('StartInstanceRefresh')).toBe(1);
  });

  it('does not begin while one that AWS would spare does not serve, and begins all the same in the end', async () => {
    const { restore } = await rolling.begin({ preferences: slowPreferences });
    await world.advance(300);
    await hands.suspend('HealthCheck');
    const { instances } = await viewNow(world);
    const spared = instances.find(({ launchTemplate }) => launchTemplate?.version === '1');
    await world.control.instanceHealth(spared?.instanceId ?? '', false);
    await world.advance(60);
    await world.settle();
    expect(await rolling.rollBackOnce(restore, 600)).toEqual({ state: 'settling', starting: 1 });
    expect(await opened.callsOf('RollbackInstanceRefresh')).toBe(0);
    expect(await rolling.rollBackOnce(restore)).toMatchObject({ state: 'waiting' });
    expect(await opened.callsOf('RollbackInstanceRefresh')).toBe(1);
  });

  it('does not wait for what it may not look at', async () => {
    const { restore } = await rolling.begin({ preferences: slowPreferences });
    await world.advance(5);
    await deny(world.control, 'DescribeTargetHealth');
    expect(await rolling.rollBackOnce(restore, 600)).toMatchObject({ state: 'waiting' });
    expect(await opened.callsOf('RollbackInstanceRefresh')).toBe(1);
  });

  it('is made once when the reply to it is lost, and never turned into a cancel', async () => {
    const { restore } = await rolling.begin({ preferences: slowPreferences });
    await world.advance(5);
    await loseReply(world.control, 'RollbackInstanceRefresh');
    await expectRestored(restore);
    expect(await opened.callsOf('CancelInstanceRefresh')).toBe(0);
  });

  it('is a new refresh to the recorded version once ours has succeeded', async () => {
    const { restore, ours, refreshId } = await rolling.begin();
    await rolling.awaited(restore, { refreshId, ours });
    await expectRestored(restore);
    expect(await opened.callsOf('StartInstanceRefresh')).toBe(2);
  });

  it('is a cancel and a new refresh where AWS cannot roll back', async () => {
    const { restore } = await rolling.begin({ preferences: slowPreferences });
    await world.advance(5);
    await world.control.fault({
      match: { action: 'RollbackInstanceRefresh' },
      effect: { kind: 'error', code: 'IrreversibleInstanceRefresh', status: 400, message: 'no' },
    });
    await expectRestored(restore);
    expect(await opened.callsOf('CancelInstanceRefresh')).toBe(1);
    expect(await opened.callsOf('StartInstanceRefresh')).toBe(2);
  });

  it('needs nothing when nothing was started, and takes the version away', async () => {
    const restore = await rolling.capture();
    await rolling.version(restore);
    await expectRestored(restore);
    await expectRestored(restore);
  });

  it('lets the group follow the latest version again, which is not ours any more', async () => {
    await hands.launchFrom('$Latest');
    await world.settle();
    const restore = await rolling.capture();
    await rolling.pin(restore);
    await rolling.pin(restore);
    const ours = await rolling.version(restore);
    await world.settle();
    expect((await rolling.versionsNow()).group).toBe('1');
    await rolling.start(restore, ours);
    await world.advance(5);
    await rolling.undo(restore);
    expect(await rolling.versionsNow()).toEqual({ ...before, group: '$Latest' });
    expect(await hands.versions()).toEqual(['1']);
  });

  it('waits for a refresh that somebody else has put in the place of ours, and leaves it', async () => {
    const { restore, refreshId } = await rolling.begin();
    await world.advance(5);
    await hands.cancel();
    await expect.poll(() => hands.status(refreshId)).toBe('Cancelled');
    const theirs = await hands.makeVersion();
    const foreign = await hands.start(theirs);
    await world.settle();
    expect(await rolling.undo(restore)).toMatchObject({ note: text(/somebody else/) });
    expect(await hands.status(foreign)).toBe('Successful');
    expect((await rolling.versionsNow()).group).toBe(theirs);
    expect(await opened.callsOf('RollbackInstanceRefresh')).toBe(0);
  });

  it('is refused where somebody else has set another launch template while instances of ours run', async () => {
    const { restore, ours, refreshId } = await rolling.begin();
    await rolling.awaited(restore, { refreshId, ours });
    await hands.launchFrom(await hands.makeVersion());
    await world.settle();
    await expect(rolling.undo(restore)).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      message: text(/3 instances of web-prod-v000 run .*:2/),
    });
  });

  it('keeps a mixed instances policy as it was', async () => {
    await hands.useMixedInstances([{ InstanceType: 't3.large' }, { InstanceType: 't3.micro' }]);
    await world.settle();
    const restore = await rolling.capture();
    const ours = await rolling.version(restore);
    const started = await rolling.start(restore, ours);
    if (started.outcome !== 'running') throw new Error('another refresh is in the way');
    await rolling.awaited(restore, { refreshId: started.refreshId, ours });
    expect((await rolling.versionsNow()).group).toBe('2');
    await rolling.undo(restore);
    expect(await rolling.versionsNow()).toEqual(before);
    expect((await rolling.capture()).launch).toEqual({ ...restore.launch, latestVersion: '1' });
  });
});
