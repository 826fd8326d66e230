import {
  CreateAutoScalingGroupCommand,
  DescribeAccountLimitsCommand,
} from '@aws-sdk/client-auto-scaling';
import { expect, test } from 'vitest';

import { eachTestOnNewGround } from './new-ground.js';
import { groupOf, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

test('the account tells how many groups there are, and may be; one more is refused', async () => {
  const limits = () => standIn.autoScaling.send(new DescribeAccountLimitsCommand({}));
  const create = (name: string) =>
    standIn.autoScaling.send(
      new CreateAutoScalingGroupCommand({ ...groupOf(ground, 0), AutoScalingGroupName: name }),
    );
  const { MaxNumberOfAutoScalingGroups: max = 0, NumberOfAutoScalingGroups: none } = await limits();
  expect([max, none]).toEqual([500, 0]);
  for (let number = 0; number < max; number += 1) await create(`web-v${number}`);
  expect((await limits()).NumberOfAutoScalingGroups).toBe(max);
  await expect(create('web-more')).rejects.toMatchObject({ name: 'LimitExceededFault' });
});
