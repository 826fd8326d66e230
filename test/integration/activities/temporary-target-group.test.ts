import type { EnsureTargetGroupInput } from '@gennaker/contract/wire';
import { describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

const name = 'web-b-0123456789abcdef';
const baseline = 'web-prod-baseline-v001';
const denied = { type: 'AWS_DENIED', nonRetryable: true };
const notOurs = { type: 'NAME_CONFLICT', nonRetryable: true };

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});

function ensuring(changes: Partial<EnsureTargetGroupInput> = {}): EnsureTargetGroupInput {
  return {
    context: operation('target-group', name),
    subject: subject(baseline),
    targetGroupName: name,
    copyOf: world.seeded.targetGroupArn,
    expiresAt: '2026-12-01T00:00:00.000Z',
    ...changes,
  };
}

function deleting(changes: Partial<EnsureTargetGroupInput> = {}) {
  const context = operation('undo:target-group', name, { priority: 'undo' });
  return { context, subject: subject(baseline), targetGroupName: name, ...changes };
}

function found() {
  return world.aws.region(account, region).findTargetGroup(name, { priority: 'screen' });
}

async function count(action: string): Promise<number> {
  const calls = await world.calls();
  return calls.filter((call) => call.action === action).length;
}

/** As someone else would make it, with equal settings and none of our tags for this execution. */
async function madeByAnother(): Promise<void> {
  const context = operation('target-group', name, { executionId: '01K0000000000000000000000B' });
  await world.run('ensureTargetGroup', ensuring({ context }));
}

describe('making a temporary target group', () => {
  it('copies one, tags it with its owner and its expiry, and says its ARN', async () => {
    const { targetGroupArn } = await world.run('ensureTargetGroup', ensuring());
    expect(await found()).toMatchObject({
      arn: targetGroupArn,
      tags: { 'gennaker:stage': 'deploy', 'gennaker:expires': '2026-12-01T00:00:00.000Z' },
    });
  });

  it('finds what an earlier call has made', async () => {
    const first = await world.run('ensureTargetGroup', ensuring());
    const again = [
      await world.run('ensureTargetGroup', ensuring()),
      await world.run('ensureTargetGroup', ensuring(), 2),
    ];
    expect(again).toEqual([first, first]);
    expect(await count('CreateTargetGroup')).toBe(2);
  });

  it('finishes what was half done: made, its reply lost, its attributes throttled', async () => {
    await loseReply(world.control, 'CreateTargetGroup');
    await throttleOnce(world.control, 'ModifyTargetGroupAttributes');
    const { targetGroupArn } = await world.runWithRetries('ensureTargetGroup', ensuring());
    expect((await found())?.arn).toBe(targetGroupArn);
    expect(await count('CreateTargetGroup')).toBe(1);
  });

  it('leaves a group of that name alone that another execution has made', async () => {
    await madeByAnother();
    await expect(world.run('ensureTargetGroup', ensuring())).rejects.toMatchObject(notOurs);
    await expect(world.run('ensureTargetGroup', ensuring(), 2)).rejects.toMatchObject(notOurs);
  });

  it('says that the original has vanished', async () => {
    const copyOf = world.seeded.targetGroupArn.replace(/[^/]+$/, '0000000000000000');
    await expect(world.run('ensureTargetGroup', ensuring({ copyOf }))).rejects.toMatchObject({
      type: 'SUBJECT_VANISHED',
      nonRetryable: true,
    });
    expect(await found()).toBeUndefined();
  });

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'CreateTargetGroup');
    await expect(world.run('ensureTargetGroup', ensuring())).rejects.toMatchObject(denied);
  });
});

describe('deleting it', () => {
  it('deletes it, and is done when it is gone', async () => {
    await world.run('ensureTargetGroup', ensuring());
    await world.run('deleteTargetGroup', deleting());
    expect(await found()).toBeUndefined();
    await world.run('deleteTargetGroup', deleting());
    expect(await count('DeleteTargetGroup')).toBe(1);
  });

  it('goes on after its reply was lost, and after it was throttled', async () => {
    await world.run('ensureTargetGroup', ensuring());
    await throttleOnce(world.control, 'DeleteTargetGroup');
    await loseReply(world.control, 'DeleteTargetGroup');
    await world.runWithRetries('deleteTargetGroup', deleting());
    expect(await found()).toBeUndefined();
  });

  it('deletes only what this execution and stage have made', async () => {
    await madeByAnother();
    await expect(world.run('deleteTargetGroup', deleting())).rejects.toMatchObject(notOurs);
    expect(await found()).toBeDefined();
  });

  it('fails at once when it is denied', async () => {
    await world.run('ensureTargetGroup', ensuring());
    await deny(world.control, 'DeleteTargetGroup');
    await expect(world.run('deleteTargetGroup', deleting())).rejects.toMatchObject(denied);
  });
});
