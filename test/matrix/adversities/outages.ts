import { faultOf, waitStepOf, type Adversity, type Scene, type Scouted } from '../adversity.js';

/** Calls that a storm throttles. */
const stormCalls = 20;
/** How long an outage lasts. */
const awayMs = 4_000;

/** Half of all calls are throttled, until enough of them were. */
export const storm = {
  match: { probability: 0.5 },
  effect: { kind: 'throttle' },
  times: stormCalls,
} as const;

/** What strikes everybody. */
export function outages(scouted: Scouted): readonly Adversity[] {
  const waitStep = waitStepOf(scouted);
  const away = (name: string, service: 'postgres' | 'temporal'): Adversity => ({
    name: `${name} away`,
    expects: 'succeeded',
    alone: true,
    during: async (scene) => {
      if (!(await scene.reached(waitStep))) return false;
      return await takeAway(scene, service);
    },
  });
  return [
    {
      name: 'throttling storm',
      expects: 'succeeded',
      alone: true,
      before: async (scene) => {
        await scene.arena.fault(scene.fleet, { id: faultOf(scene), ...storm });
      },
      faulty: true,
    },
    away('PostgreSQL', 'postgres'),
    away('Temporal', 'temporal'),
  ];
}

async function takeAway({ arena }: Scene, which: 'postgres' | 'temporal'): Promise<boolean> {
  const service = arena.gennaker.services[which];
  await service.kill();
  await new Promise((resolve) => setTimeout(resolve, awayMs));
  await service.start();
  return true;
}
