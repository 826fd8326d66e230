import {
  CreateAutoScalingGroupCommand,
  DescribeAccountLimitsCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { layGround, type Ground } from './ground.js';
import { groupOf, startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;
let ground: Ground;
beforeEach(async () => {
  standIn = await startStandIn();
  ground = await layGround(standIn);
});
afterEach(() => standIn.close());

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
