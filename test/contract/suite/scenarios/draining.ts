import assert from 'node:assert/strict';
import { ModifyTargetGroupAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { targetHealth, targetStates } from '../ground/balancing.js';
import { deregister, healthy, ready, register } from '../ground/targets.js';
import { topic, type Behaviour } from '../scenario.js';

const API = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference';
const DELAY =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html';

const behaviours: readonly Behaviour[] = [
  {
    name: 'drain-when-deregistered',
    title: 'A deregistered target drains for the deregistration delay and is then gone',
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      await register(stage, place.targetGroupArn, instanceId);
      await healthy(stage, place.targetGroupArn, 1);
      await deregister(stage, place.targetGroupArn, instanceId);
      assert.deepEqual((await targetHealth(stage, place.targetGroupArn))[instanceId], {
        state: 'draining',
        reason: 'Target.DeregistrationInProgress',
      });
      await stage.passTime(10);
      assert.deepEqual(await targetStates(stage, place.targetGroupArn), ['draining']);
      await stage.eventually(
        'no target',
        async () => targetStates(stage, place.targetGroupArn),
        (states) => states.length === 0,
      );
    },
  },
  {
    name: 'come-back-while-draining',
    title: 'A draining target that is registered again begins anew',
    page: `${API}/API_RegisterTargets.html`,
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      const arn = place.targetGroupArn;
      await register(stage, arn, instanceId);
      await healthy(stage, arn, 1);
      await deregister(stage, arn, instanceId);
      await register(stage, arn, instanceId);
      assert.deepEqual(await targetStates(stage, arn), ['initial']);
      await stage.passTime(60);
      assert.deepEqual(await targetStates(stage, arn), ['healthy']);
    },
  },
  {
    name: 'go-at-once-without-delay',
    title: 'With a deregistration delay of 0 a target does not drain',
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      await stage.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: place.targetGroupArn,
          Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '0' }],
        }),
      );
      await register(stage, place.targetGroupArn, instanceId);
      await healthy(stage, place.targetGroupArn, 1);
      await deregister(stage, place.targetGroupArn, instanceId);
      await stage.passTime(2);
      assert.deepEqual(await targetStates(stage, place.targetGroupArn), []);
    },
  },
  {
    name: 'absent-is-deregistered-already',
    title: 'Deregistering a target that is not registered succeeds',
    page: `${API}/API_DeregisterTargets.html`,
    run: async (stage) => {
      const { place, instanceId } = await ready(stage);
      await deregister(stage, place.targetGroupArn, instanceId);
    },
  },
];

export const drainingScenarios = topic(
  { name: 'draining', service: 'elasticloadbalancing', documentation: DELAY },
  behaviours,
);
