import type { DeletedAlarms } from '@gennaker/contract/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { newGroup } from '../../support/activities/red-black.js';
import { opsTopic, placeOf, RichGroup } from '../../support/activities/rich-group.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

const own = ['web-prod-v001-high', 'web-prod-v001-low'];
const context = operation('undo:create:destroy', newGroup, { priority: 'undo' });
const another = operation('attachScaling', newGroup, {
  executionId: '01K0000000000000000000000B',
});

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});
let people: RichGroup;
beforeEach(async () => {
  people = new RichGroup(placeOf(world), newGroup);
  for (const name of own) await make(name, newGroup, context);
});
afterEach(async () => {
  people.close();
});

/** An alarm as an attachment makes it. */
async function make(name: string, serverGroup: string, owner: typeof context): Promise<void> {
  await world.aws.region(account, region).putAlarm(
    {
      name,
      serverGroup,
      members: {
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 80,
        ComparisonOperator: 'GreaterThanThreshold',
      },
      actions: { alarm: [opsTopic], ok: [], insufficientData: [] },
      tags: {},
      owner,
    },
    { priority: 'write' },
  );
}

function remove(alarmNames: readonly string[] | null): Promise<DeletedAlarms> {
  const input = { context, subject: subject(newGroup), alarmNames };
  return world.runWithRetries('deleteServerGroupAlarms', input);
}

async function left(): Promise<readonly string[]> {
  return (await people.alarms()).map(({ AlarmName: name = '' }) => name).toSorted();
}

describe('deleting the alarms of a server group', () => {
  it('deletes those that this stage has made, by name, and is done where they are gone', async () => {
    expect(await remove(own)).toEqual({ deleted: own, left: [] });
    expect(await left()).toEqual([]);
    expect(await remove(own)).toEqual({ deleted: [], left: [] });
  });

  it('leaves an alarm of such a name that somebody else has made, and tells it', async () => {
    const [high = '', low = ''] = own;
    await people.deleteAlarm(high);
    await people.putAlarm(high, { ComparisonOperator: 'LessThanThreshold', Threshold: 1 });
    await people.deleteAlarm(low);
    await make(low, newGroup, another);
    expect(await remove(own)).toEqual({ deleted: [], left: own });
    expect(await left()).toEqual(own);
  });

  it("finds what any execution has made for the group, and nothing that is not the group's", async () => {
    await make('web-prod-v001-odd', newGroup, another);
    await make('web-prod-v0011-high', 'web-prod-v0011', context);
    await make('web-prod-v001-of-another', 'web-prod-v000', context);
    await people.putAlarm('web-prod-v001-by-hand', {
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
    });
    expect(await remove(null)).toEqual({
      deleted: [...own, 'web-prod-v001-odd'],
      left: ['web-prod-v001-by-hand', 'web-prod-v001-of-another'],
    });
    expect(await left()).toEqual([
      'web-prod-v001-by-hand',
      'web-prod-v001-of-another',
      'web-prod-v0011-high',
    ]);
  });

  it('leaves none behind when its reply is lost, and when it is throttled', async () => {
    await loseReply(world.control, 'DeleteAlarms');
    await throttleOnce(world.control, 'DeleteAlarms');
    await remove(own);
    expect(await left()).toEqual([]);
  });

  it('says what is missing when it is denied, and changes nothing', async () => {
    await deny(world.control, 'DeleteAlarms');
    await expect(remove(own)).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
      message: expect.stringContaining('cloudwatch:DeleteAlarms') as string,
    });
    expect(await left()).toEqual(own);
  });
});
