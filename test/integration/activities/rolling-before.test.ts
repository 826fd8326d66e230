import { describe, expect, it } from 'vitest';
import {
  isReadAction,
  operation,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { oldGroup } from '../../support/activities/red-black.js';
import { eachTestInNewRollingWorld, text } from '../../support/activities/rolling-world.js';
import type { RefreshHands } from '../../support/activities/refresh-hands.js';
import type { Rolling } from '../../support/activities/rolling.js';

let world: AwsWorld;
let hands: RefreshHands;
let rolling: Rolling;
eachTestInNewRollingWorld((given) => {
  ({ world, hands, rolling } = given);
});

describe('what is recorded before', () => {
  it('names version, sizes and what each instance runs, and changes nothing', async () => {
    const restore = await rolling.capture();
    const { launchTemplateId, imageIds } = world.seeded;
    expect(restore).toEqual({
      arn: text(/^arn:/),
      capacity: { min: 3, desired: 3, max: 3 },
      suspendedProcesses: [],
      instancesInService: 3,
      launch: {
        launchTemplateId,
        version: '1',
        specified: '1',
        latestVersion: '1',
        imageId: imageIds['1.0.0'],
        madeBy: null,
        mixedInstancesPolicy: null,
      },
      runningVersions: { [`${launchTemplateId}:1`]: 3 },
    });
    expect((await world.calls()).every((call) => isReadAction(call.action))).toBe(true);
  });

  it('resolves what the group follows to a number', async () => {
    await hands.makeVersion();
    await hands.launchFrom('$Default');
    await world.settle();
    const { launch } = await rolling.capture();
    expect(launch).toMatchObject({ version: '1', specified: '$Default', latestVersion: '2' });
  });

  it.each(['Launch', 'Terminate', 'InstanceRefresh', 'AddToLoadBalancer'])(
    'is refused by name while %s is suspended',
    async (process) => {
      await hands.suspend(process);
      await world.settle();
      await expect(rolling.capture()).rejects.toMatchObject({
        type: 'INVALID_REQUEST',
        message: text(new RegExp(`${process} is suspended.*redBlack`)),
      });
    },
  );

  it('is refused for a launch configuration, offering redBlack', async () => {
    await hands.useLaunchConfiguration(world.seeded.imageIds['1.0.0']);
    await world.settle();
    await expect(rolling.capture()).rejects.toMatchObject({
      type: 'INVALID_REQUEST',
      message: text(/launch configuration.*redBlack/),
    });
  });

  it('is refused where overrides have images of their own', async () => {
    await hands.useMixedInstances([{ InstanceType: 't3.large', ImageId: 'ami-1' }]);
    await world.settle();
    await expect(rolling.capture()).rejects.toMatchObject({
      type: 'INVALID_REQUEST',
      message: text(/t3\.large/),
    });
  });
});

describe('a version of the launch template', () => {
  it('is made once, whatever happens to the replies', async () => {
    const restore = await rolling.capture();
    await loseReply(world.control, 'CreateLaunchTemplateVersion');
    const ours = await rolling.version(restore);
    expect(ours).toEqual({ launchTemplateId: world.seeded.launchTemplateId, version: '2' });
    expect(await rolling.version(restore)).toEqual(ours);
    await world.settle();
    expect(await hands.versions()).toEqual(['1', '2']);
  });

  it('is made after a throttled call, and not at all when denied', async () => {
    const restore = await rolling.capture();
    await throttleOnce(world.control, 'CreateLaunchTemplateVersion');
    expect(await rolling.version(restore)).toMatchObject({ version: '2' });
    await deny(world.control, 'CreateLaunchTemplateVersion');
    const denied = world.run('ensureLaunchTemplateVersion', {
      context: operation('another', oldGroup),
      subject: subject(oldGroup),
      launch: restore.launch,
      imageId: world.seeded.imageIds['1.1.0'],
      instanceType: null,
    });
    await expect(denied).rejects.toMatchObject({ type: 'AWS_DENIED', nonRetryable: true });
  });
});
