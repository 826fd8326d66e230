import {
  DeleteAutoScalingGroupCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  faultOf,
  type Adversity,
  type RunningScene,
  type Scene,
  type Scouted,
} from './adversity.js';

/** Enough for a deploy whose instances never come or never get healthy to end by its own deadline. */
const shortSeconds = 12;
/** Calls that a storm throttles. */
const stormCalls = 20;
/** How long an outage lasts. */
const awayMs = 4_000;

/** Everything that can go wrong with a strategy, generated from what a run without trouble has shown. */
export function adversitiesOf(scouted: Scouted): readonly Adversity[] {
  const lookStep = scouted.stepIds.includes('match') ? 'match' : 'verify';
  const waitStep = scouted.stepIds.includes('healthy') ? 'healthy' : 'replaced';
  const pins = scouted.stepIds.some((stepId) => stepId.startsWith('pin:'));
  return [
    ...always,
    ...outages(waitStep),
    ...byOthers(waitStep, lookStep),
    ...(scouted.isInPlace ? [] : [deletedByHand(waitStep)]),
    ...(pins ? [alarmsScaleIn(lookStep)] : []),
    ...scouted.stepIds.flatMap(atStep),
    ...scouted.mutations.flatMap(atMutation),
    ...scouted.undoMutations.map(atUndoMutation(scouted)),
  ];
}

const always: readonly Adversity[] = [
  { name: 'success', expects: 'succeeded' },
  {
    name: 'unhealthy new group',
    expects: 'undone',
    timeoutSeconds: shortSeconds,
    before: ({ arena, imageId }) => arena.gennaker.aws.imageFault(imageId),
  },
  {
    name: 'no capacity',
    expects: 'undone',
    timeoutSeconds: shortSeconds,
    before: ({ arena, fleet }) =>
      arena.gennaker.aws.typeCapacity(fleet.instanceType, { available: false }),
  },
  {
    name: 'one zone without capacity',
    expects: 'either',
    timeoutSeconds: shortSeconds,
    before: ({ arena, fleet }) =>
      arena.gennaker.aws.typeCapacity(fleet.instanceType, {
        available: false,
        zones: ['eu-west-1b'],
      }),
  },
  { name: 'timeout', expects: 'undone', timeoutSeconds: 2 },
];

/** What strikes everybody. */
function outages(waitStep: string): readonly Adversity[] {
  return [
    {
      name: 'throttling storm',
      expects: 'succeeded',
      alone: true,
      before: async (scene) => {
        const { arena, fleet } = scene;
        const rule = {
          match: { probability: 0.5 },
          effect: { kind: 'throttle' },
          times: stormCalls,
        };
        await arena.fault(fleet, { id: faultOf(scene), ...rule });
      },
      faulty: true,
    },
    {
      name: 'PostgreSQL away',
      expects: 'succeeded',
      alone: true,
      during: async (scene) => {
        if (!(await scene.reached(waitStep))) return false;
        return await away(scene, 'postgres');
      },
    },
    {
      name: 'Temporal away',
      expects: 'succeeded',
      alone: true,
      during: async (scene) => {
        if (!(await scene.reached(waitStep))) return false;
        return await away(scene, 'temporal');
      },
    },
  ];
}

/** What people and other tools do in the middle of it. */
function byOthers(waitStep: string, lookStep: string): readonly Adversity[] {
  return [
    {
      name: 'source scaled out',
      expects: 'succeeded',
      sizesMoved: true,
      during: async (scene) => {
        if (!(await scene.reached(waitStep))) return false;
        return await setDesired(scene, scene.fleet.oldServerGroup, 5);
      },
    },
    {
      name: 'an operator shrinks the new group',
      expects: 'either',
      sizesMoved: true,
      floorGivenUp: true,
      during: async (scene) => {
        if (!(await scene.reached(lookStep))) return false;
        const sizes = { MinSize: 0, DesiredCapacity: 1 };
        return await byHand(
          scene,
          new UpdateAutoScalingGroupCommand({ ...newGroup(scene), ...sizes }),
        );
      },
    },
  ];
}

function deletedByHand(waitStep: string): Adversity {
  return {
    name: 'an operator deletes the new group',
    expects: 'either',
    floorGivenUp: true,
    during: async (scene) => {
      if (!(await scene.reached(waitStep))) return false;
      const force = { ForceDelete: true };
      return await byHand(
        scene,
        new DeleteAutoScalingGroupCommand({ ...newGroup(scene), ...force }),
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
      await setDesired(scene, scene.fleet.oldServerGroup, 2);
      await setDesired(scene, scene.newServerGroup, 2);
      return true;
    },
  };
}

function atStep(stepId: string): readonly Adversity[] {
  return [
    {
      name: `cancel at ${stepId}`,
      // The last steps may be over before the cancel arrives.
      expects: 'either',
      during: async (scene) => {
        if (!(await scene.reached(stepId))) return false;
        await cancel(scene);
        return true;
      },
    },
    {
      name: `worker killed at ${stepId}`,
      expects: 'succeeded',
      during: async (scene) => {
        if (!(await scene.reached(stepId))) return false;
        await scene.arena.restartWorker();
        return true;
      },
    },
  ];
}

function atMutation(action: string): readonly Adversity[] {
  return [
    {
      name: `reply lost: ${action}`,
      expects: 'succeeded',
      faulty: true,
      before: (scene) => loseReply(scene, action),
    },
    {
      name: `denied: ${action}`,
      expects: 'undone',
      mayNeedAttention: true,
      faulty: true,
      before: async (scene) => {
        const { arena, fleet } = scene;
        const message = `User: role/gennaker is not authorized to perform: ${action}`;
        const effect = { kind: 'error', code: 'AccessDenied', status: 403, message };
        await arena.fault(fleet, { id: faultOf(scene), match: { action }, effect });
      },
      lift: (scene) => scene.arena.gennaker.aws.clearFault(faultOf(scene)),
    },
  ];
}

function atUndoMutation(scouted: Scouted): (action: string) => Adversity {
  return (action) => ({
    name: `reply lost in the undo: ${action}`,
    expects: 'either',
    during: async (scene) => {
      if (!(await scene.reached(undoneFrom(scouted.stepIds)))) return false;
      await loseReply(scene, action);
      await cancel(scene);
      return true;
    },
  });
}

/** A step behind the switch that takes long enough for a cancel to arrive in it: the last ones may be over before. */
export function undoneFrom(stepIds: readonly string[]): string {
  return stepIds.includes('verify') ? 'verify' : (stepIds.at(-1) ?? '');
}

async function loseReply(scene: Scene, action: string): Promise<void> {
  const rule = { match: { action }, point: 'after', effect: { kind: 'reset' }, times: 1 };
  await scene.arena.fault(scene.fleet, { id: faultOf(scene), ...rule });
}

/** As a person would. */
export async function cancel({ arena, executionId }: RunningScene): Promise<void> {
  await arena.gennaker.api.post(`/v1/executions/${executionId}/cancel`, {
    by: 'matrix',
    reason: 'an adversity',
  });
}

function newGroup({ newServerGroup }: Scene) {
  return { AutoScalingGroupName: newServerGroup };
}

/** False where AWS refuses it: a size below a pinned minimum, a group that is gone. */
async function setDesired(scene: Scene, serverGroup: string, desired: number): Promise<boolean> {
  return await byHand(
    scene,
    new SetDesiredCapacityCommand({ AutoScalingGroupName: serverGroup, DesiredCapacity: desired }),
  );
}

type ByHand =
  | SetDesiredCapacityCommand
  | UpdateAutoScalingGroupCommand
  | DeleteAutoScalingGroupCommand;

async function byHand({ arena }: Scene, command: ByHand): Promise<boolean> {
  const { autoScaling } = arena.hands;
  const sent =
    command instanceof SetDesiredCapacityCommand
      ? autoScaling.send(command)
      : command instanceof UpdateAutoScalingGroupCommand
        ? autoScaling.send(command)
        : autoScaling.send(command);
  return await sent.then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'ValidationError') throw error;
      return false;
    },
  );
}

async function away({ arena }: Scene, which: 'postgres' | 'temporal'): Promise<boolean> {
  const service = arena.gennaker.services[which];
  await service.kill();
  await new Promise((resolve) => setTimeout(resolve, awayMs));
  await service.start();
  return true;
}
