import assert from 'node:assert/strict';
import {
  CreateListenerCommand,
  DeleteListenerCommand,
  DescribeListenersCommand,
  ModifyListenerCommand,
  paginateDescribeListeners,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { balancing, forwardTo, listener, targetGroup } from '../ground/balancing.js';
import { network, required } from '../ground/network.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference';
const LISTENERS = `${API}/API_CreateListener.html`;
const MODIFY = `${API}/API_ModifyListener.html`;
const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const NO_SUCH_BALANCER = `${ARN}:loadbalancer/app/none/0123456789abcdef`;
const NO_SUCH_LISTENER = `${ARN}:listener/app/none/0123456789abcdef/0123456789abcdef`;
const NO_SUCH_TARGETS = `${ARN}:targetgroup/none/0123456789abcdef`;

async function actionsOf(stage: Stage, arn: string): Promise<readonly Action[]> {
  const { Listeners: found } = await stage.elb.send(
    new DescribeListenersCommand({ ListenerArns: [arn] }),
  );
  return found?.[0]?.DefaultActions ?? [];
}

function weighted(weights: readonly (readonly [string, number])[]): Action {
  return {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: weights.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
    },
  };
}

const listening: readonly Behaviour[] = [
  {
    name: 'a-forward-is-shown-both-ways',
    title: 'A forward to one target group is shown with and without its weight',
    run: async (stage) => {
      const { listenerArn, targetGroupArn } = await balancing(stage);
      const [action] = await actionsOf(stage, listenerArn);
      assert.equal(action?.TargetGroupArn, targetGroupArn);
      assert.deepEqual(action?.ForwardConfig?.TargetGroups, [
        { TargetGroupArn: targetGroupArn, Weight: 1 },
      ]);
    },
  },
  {
    name: 'weights-are-kept',
    title: 'Weights of a forward to two target groups are given back, 0 too',
    page: MODIFY,
    run: async (stage) => {
      const place = await balancing(stage);
      const other = await targetGroup(stage, place, { Name: stage.name('other') });
      const action = weighted([
        [place.targetGroupArn, 0],
        [other, 999],
      ]);
      await stage.elb.send(
        new ModifyListenerCommand({ ListenerArn: place.listenerArn, DefaultActions: [action] }),
      );
      const [found] = await actionsOf(stage, place.listenerArn);
      assert.deepEqual(
        found?.ForwardConfig?.TargetGroups?.map(({ Weight: weight }) => weight),
        [0, 999],
      );
      assert.equal(found?.TargetGroupArn, undefined);
    },
  },
  {
    name: 'same-port-is-a-duplicate',
    title: 'A second listener on a port is refused',
    page: LISTENERS,
    run: async (stage) => {
      const place = await balancing(stage);
      const other = await targetGroup(stage, place, { Name: stage.name('other') });
      await refused(listener(stage, place, [forwardTo(other)]), {
        code: 'DuplicateListener',
      });
    },
  },
  {
    name: 'are-listed-of-their-balancer',
    title: 'A load balancer has all its listeners, on all their ports',
    page: `${API}/API_DescribeListeners.html`,
    run: async (stage) => {
      const place = await balancing(stage);
      await listener(stage, { ...place, port: 8080 }, [forwardTo(place.targetGroupArn)]);
      const ports: (number | undefined)[] = [];
      const query = { LoadBalancerArn: place.loadBalancerArn };
      for await (const page of paginateDescribeListeners({ client: stage.elb }, query))
        ports.push(...(page.Listeners ?? []).map(({ Port: port }) => port));
      assert.deepEqual(new Set(ports), new Set([80, 8080]));
    },
  },
  {
    name: 'are-gone-once-deleted',
    title: 'A deleted listener is not found any more',
    page: `${API}/API_DeleteListener.html`,
    run: async (stage) => {
      const place = await balancing(stage);
      const { Listeners: made } = await stage.elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: place.loadBalancerArn,
          Port: 81,
          Protocol: 'HTTP',
          DefaultActions: [forwardTo(place.targetGroupArn)],
        }),
      );
      const arn = required(made?.[0]?.ListenerArn, 'the ARN');
      await stage.elb.send(new DeleteListenerCommand({ ListenerArn: arn }));
      await refused(actionsOf(stage, arn), { code: 'ListenerNotFound' });
    },
  },
];

/** A listener's modification with one thing wrong. */
const modifying =
  (actions: (targetGroupArn: string) => readonly Action[]) => async (stage: Stage) => {
    const place = await balancing(stage);
    return stage.elb.send(
      new ModifyListenerCommand({
        ListenerArn: place.listenerArn,
        DefaultActions: [...actions(place.targetGroupArn)],
      }),
    );
  };

const refusedListening = refusals([
  {
    name: 'refuses-unknown-target-group',
    title: 'A listener cannot forward to a target group that is not there',
    page: MODIFY,
    code: 'TargetGroupNotFound',
    call: modifying(() => [forwardTo(NO_SUCH_TARGETS)]),
  },
  {
    name: 'refuses-weight-above-999',
    title: 'A weight is at most 999',
    page: MODIFY,
    code: 'ValidationError',
    call: modifying((arn) => [weighted([[arn, 1000]])]),
  },
  {
    name: 'refuses-negative-weight',
    title: 'A weight is not negative',
    page: MODIFY,
    code: 'ValidationError',
    call: modifying((arn) => [weighted([[arn, -1]])]),
  },
  {
    name: 'refuses-unknown-load-balancer',
    title: 'A load balancer that is not there gets no listener',
    page: LISTENERS,
    code: 'LoadBalancerNotFound',
    call: async (stage) =>
      listener(stage, { loadBalancerArn: NO_SUCH_BALANCER }, [
        forwardTo(await targetGroup(stage, await network(stage))),
      ]),
  },
  {
    name: 'refuses-unknown-listener',
    title: 'A listener that is not there is not changed',
    page: MODIFY,
    code: 'ListenerNotFound',
    call: async (stage) =>
      stage.elb.send(new ModifyListenerCommand({ ListenerArn: NO_SUCH_LISTENER, Port: 81 })),
  },
  {
    name: 'refuses-to-describe-unknown-listener',
    title: 'A listener that is not there is not described',
    page: `${API}/API_DescribeListeners.html`,
    code: 'ListenerNotFound',
    call: async (stage) => actionsOf(stage, NO_SUCH_LISTENER),
  },
  {
    name: 'refuses-to-delete-unknown-listener',
    title: 'A listener that is not there is not deleted',
    page: `${API}/API_DeleteListener.html`,
    code: 'ListenerNotFound',
    call: async (stage) =>
      stage.elb.send(new DeleteListenerCommand({ ListenerArn: NO_SUCH_LISTENER })),
  },
]);

export const listenerScenarios = topic(
  { name: 'listeners', service: 'elasticloadbalancing', documentation: LISTENERS },
  [...listening, ...refusedListening],
);
