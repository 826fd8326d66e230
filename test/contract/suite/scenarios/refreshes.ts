import assert from 'node:assert/strict';
import {
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import { emptyGroup, fleet, inService, instanceIds } from '../ground/groups.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';
const START = `${API}/API_StartInstanceRefresh.html`;

async function start(stage: Stage, name: string): Promise<string | undefined> {
  const { InstanceRefreshId: id } = await stage.autoScaling.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: name,
      Preferences: { MinHealthyPercentage: 0, InstanceWarmup: 0 },
    }),
  );
  return id;
}

async function cancel(stage: Stage, name: string): Promise<unknown> {
  return stage.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: name }));
}

async function rollBack(stage: Stage, name: string): Promise<unknown> {
  return stage.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName: name }));
}

async function status(stage: Stage, name: string): Promise<string | undefined> {
  const { InstanceRefreshes: found } = await stage.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name }),
  );
  return found?.[0]?.Status;
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'replace-every-instance',
    title: 'A refresh replaces every instance and is then Successful',
    page: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html',
    run: async (stage) => {
      const { group: name } = await fleet(stage, 2);
      const before = await instanceIds(stage, name);
      await start(stage, name);
      await stage.eventually(
        'the refresh to be Successful',
        async () => status(stage, name),
        (found) => found === 'Successful',
      );
      const after = await inService(stage, name, 2);
      assert.deepEqual(
        after.filter((id) => before.includes(id)),
        [],
      );
    },
  },
  {
    name: 'one-at-a-time',
    title: 'A second refresh is refused while one runs',
    run: async (stage) => {
      const { group: name } = await fleet(stage, 2);
      await start(stage, name);
      await refused(start(stage, name), { code: 'InstanceRefreshInProgress' });
    },
  },
  {
    name: 'can-be-cancelled',
    title: 'A cancelled refresh is Cancelled in the end',
    page: `${API}/API_CancelInstanceRefresh.html`,
    run: async (stage) => {
      const { group: name } = await fleet(stage, 2);
      await start(stage, name);
      await cancel(stage, name);
      await stage.eventually(
        'the refresh to be Cancelled',
        async () => status(stage, name),
        (found) => found === 'Cancelled',
      );
    },
  },
  ...refusals([
    {
      name: 'refuse-to-roll-back-nothing',
      title: 'Where no refresh runs, none can be rolled back',
      page: `${API}/API_RollbackInstanceRefresh.html`,
      code: 'ActiveInstanceRefreshNotFound',
      call: async (stage) => rollBack(stage, await emptyGroup(stage)),
    },
    {
      name: 'refuse-to-roll-back-to-nothing',
      title: 'A refresh without a desired configuration cannot be rolled back',
      page: `${API}/API_RollbackInstanceRefresh.html`,
      code: 'IrreversibleInstanceRefresh',
      call: async (stage) => {
        const { group: name } = await fleet(stage, 2);
        await start(stage, name);
        return rollBack(stage, name);
      },
    },
    {
      name: 'refuse-to-cancel-nothing',
      title: 'Where no refresh runs, none can be cancelled',
      page: `${API}/API_CancelInstanceRefresh.html`,
      code: 'ActiveInstanceRefreshNotFound',
      call: async (stage) => cancel(stage, await emptyGroup(stage)),
    },
    {
      name: 'refuse-unknown-group',
      title: 'A group that is not there cannot be refreshed',
      code: 'ValidationError',
      call: async (stage) => start(stage, 'no-such-group'),
    },
  ]),
];

export const refreshScenarios = topic(
  { name: 'refreshes', service: 'autoscaling', documentation: START },
  behaviours,
);
