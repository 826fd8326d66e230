import { faultOf, type Adversity } from '../adversity.js';

/** Enough for a deploy whose instances never come or never get healthy to end by its own deadline. */
export const shortSeconds = 12;

/** What strikes the new instances, or nothing at all. */
export const onAws: readonly Adversity[] = [
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
    before: ({ arena, instanceType }) =>
      arena.gennaker.aws.typeCapacity(instanceType, { available: false }),
  },
  {
    name: 'one zone without capacity',
    expects: 'either',
    timeoutSeconds: shortSeconds,
    before: ({ arena, instanceType }) =>
      arena.gennaker.aws.typeCapacity(instanceType, { available: false, zones: ['eu-west-1b'] }),
  },
  { name: 'timeout', expects: 'undone', timeoutSeconds: 2 },
];

/** What strikes the calls that change something, on the way forward. */
export function atMutation(action: string): readonly Adversity[] {
  return [
    {
      name: `reply lost: ${action}`,
      expects: 'succeeded',
      faulty: true,
      before: async (scene) => {
        const rule = { match: { action }, ...lostReply };
        await scene.arena.fault(scene.fleet, { id: faultOf(scene), ...rule });
      },
    },
    {
      name: `denied: ${action}`,
      expects: 'undone',
      mayNeedAttention: true,
      faulty: true,
      before: async (scene) => {
        await scene.arena.fault(scene.fleet, { id: faultOf(scene), ...denied(action) });
      },
      lift: (scene) => scene.arena.gennaker.aws.clearFault(faultOf(scene)),
    },
  ];
}

/** The call has its effect once, and nobody hears of it. */
export const lostReply = { point: 'after', effect: { kind: 'reset' }, times: 1 } as const;

/** A fault by which the role may not do it. */
export function denied(action: string) {
  const message = `User: role/gennaker is not authorized to perform: ${action}`;
  const effect = { kind: 'error', code: 'AccessDenied', status: 403, message } as const;
  return { match: { action }, effect };
}
