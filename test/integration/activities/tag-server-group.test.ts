import { warmTagKey, weightsTagKey } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { operation, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { oldGroup } from '../../support/activities/red-black.js';
import { eachTestInNewWorld, groupNow } from '../../support/activities/new-world.js';

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});

function tagged(value: string, arn: string | null = null) {
  const context = operation('record', oldGroup);
  return { context, subject: subject(oldGroup), arn, tags: { [weightsTagKey]: value } };
}

describe('tags of a server group', () => {
  it('are set beside those that it has, and not on its instances', async () => {
    const before = await groupNow(world);
    await world.run('tagServerGroup', tagged('one'));
    await world.run('tagServerGroup', { ...tagged('two'), tags: { [warmTagKey]: 'w' } });
    const { tags, settings } = await groupNow(world);
    expect(tags).toEqual({ ...before.tags, [weightsTagKey]: 'one', [warmTagKey]: 'w' });
    const ours = settings.tags.filter(({ key }) => key === weightsTagKey);
    expect(ours).toEqual([{ key: weightsTagKey, value: 'one', propagateAtLaunch: false }]);
  });

  it('are harmless twice, and replace what the key had', async () => {
    await world.run('tagServerGroup', tagged('one'));
    await world.run('tagServerGroup', tagged('two'));
    await world.run('tagServerGroup', tagged('two'));
    expect((await groupNow(world)).tags[weightsTagKey]).toBe('two');
  });

  it('are set although a call was throttled and a reply lost', async () => {
    await throttleOnce(world.control, 'CreateOrUpdateTags');
    await loseReply(world.control, 'CreateOrUpdateTags');
    await world.runWithRetries('tagServerGroup', tagged('one'));
    expect((await groupNow(world)).tags[weightsTagKey]).toBe('one');
  });

  it('fail at once when they are denied', async () => {
    await deny(world.control, 'CreateOrUpdateTags');
    await expect(world.runWithRetries('tagServerGroup', tagged('one'))).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
  });

  it('are set on the group that is meant and on no other of its name', async () => {
    await expect(
      world.runWithRetries('tagServerGroup', tagged('one', 'arn:another')),
    ).rejects.toMatchObject({ type: 'SUBJECT_VANISHED', nonRetryable: true });
    expect((await groupNow(world)).tags[weightsTagKey]).toBeUndefined();
    const gone = { ...tagged('one'), subject: subject('web-prod-v999') };
    await expect(world.runWithRetries('tagServerGroup', gone)).rejects.toMatchObject({
      type: 'SUBJECT_VANISHED',
    });
  });
});
