import {
  DeleteAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { lookStepOf, waitStepOf, type Adversity, type Scouted } from '../adversity.js';
import { byHand, setDesired } from '../by-hand.js';

/** What people and other tools do to sizes in the middle of it. */
export function byOthers(scouted: Scouted): readonly Adversity[] {
  const waitStep = waitStepOf(scouted);
  const lookStep = lookStepOf(scouted);
  const pins = scouted.steps.some(({ id }) => id.startsWith('pin:'));
  return [
    {
      name: 'source scaled out',
      expects: 'succeeded',
      sizesMoved: true,
      during: async (scene) => {
        if (!(await scene.reached(waitStep))) return false;
        return await setDesired(scene, scene.source, 5);
      },
    },
    {
      name: 'an operator shrinks the new group',
      expects: 'either',
      sizesMoved: true,
      floorGivenUp: true,
      during: async (scene) => {
        if (!(await scene.reached(lookStep))) return false;
        const { arena, target } = scene;
        const small = { AutoScalingGroupName: target, MinSize: 0, DesiredCapacity: 1 };
        return await byHand(() =>
          arena.hands.autoScaling.send(new UpdateAutoScalingGroupCommand(small)),
        );
      },
    },
    ...(scouted.isInPlace ? [] : [deletedByHand(waitStep)]),
    // In place the last look is followed by nothing but the unpin, after which scaling in is right again.
    ...(pins ? [alarmsScaleIn(scouted.isInPlace ? waitStep : lookStep)] : []),
  ];
}

function deletedByHand(waitStep: string): Adversity {
  return {
    name: 'an operator deletes the new group',
    expects: 'either',
    floorGivenUp: true,
    targetDeleted: true,
    during: async (scene) => {
      if (!(await scene.reached(waitStep))) return false;
      const { arena, target } = scene;
      const all = { AutoScalingGroupName: target, ForceDelete: true };
      return await byHand(() =>
        arena.hands.autoScaling.send(new DeleteAutoScalingGroupCommand(all)),
      );
    },
  };
}

/** Both fleets share the load, so alarms would halve both: what is pinned stays. */
function alarmsScaleIn(lookStep: string): Adversity {
  return {
    name: 'alarms scale both in',
    expects: 'succeeded',
    during: async (scene) => {
      if (!(await scene.reached(lookStep))) return false;
      await setDesired(scene, scene.source, 2);
      await setDesired(scene, scene.target, 2);
      return true;
    },
  };
}
