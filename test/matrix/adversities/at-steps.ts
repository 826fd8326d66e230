import type { Adversity, EndedScene, ScoutedStep } from '../adversity.js';
import { cancel } from '../by-hand.js';

/** What happens at each step of the plan. */
export function atStep({ id }: ScoutedStep): readonly Adversity[] {
  return [
    {
      name: `cancel at ${id}`,
      // The last steps may be over before the cancel arrives.
      expects: 'either',
      during: async (scene) => {
        if (!(await scene.reached(id))) return false;
        await cancel(scene);
        return true;
      },
    },
    {
      name: `stop after the step ${id}`,
      expects: 'left',
      during: async (scene) => {
        if (!(await scene.reached(id))) return false;
        await cancel(scene, 'finishStep');
        return true;
      },
      afterwards: leftAsAsked,
    },
    {
      name: `worker killed at ${id}`,
      expects: 'succeeded',
      during: async (scene) => {
        if (!(await scene.reached(id))) return false;
        await scene.arena.restartWorker();
        return true;
      },
    },
  ];
}

/** Nothing was undone, and people are told after what it was stopped; the last step may have been the deploy's end. */
async function leftAsAsked({ view, watcher }: EndedScene): Promise<readonly string[]> {
  const attempt = view.stages[0]?.attempts.at(-1);
  if (attempt?.status === 'SUCCEEDED') return [];
  const words = attempt?.error?.message ?? '';
  const kinds = watcher.events.map(({ event }) => event.kind);
  // What was for a while only is undone on the way forward: that is before.
  const end = kinds.slice(kinds.lastIndexOf('undo.started'));
  const undone = end.filter((kind) => kind === 'undo.entryStarted');
  return [
    ...(undone.length === 0
      ? []
      : [`${undone.length} steps were undone although it was to be left`]),
    ...(/^(stopped|cancelled) by matrix/.test(words) ? [] : [`it ended with: ${words}`]),
  ];
}
