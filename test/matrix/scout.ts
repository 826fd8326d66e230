import type { DeployPlan, PlanStep } from '@gennaker/domain';

import {
  anyCluster,
  undoneFrom,
  type Adversity,
  type Scouted,
  type ScoutedStep,
} from './adversity.js';
import type { Arena } from './arena.js';
import { cancel } from './by-hand.js';
import { runCell, type Played } from './run-cell.js';
import type { StrategyUnderTest } from './strategies.js';

/** What the way forward has shown. */
export type ScoutedForward = Pick<Scouted, 'steps' | 'mutations'>;
/** What the undo has shown. */
export type ScoutedUndo = Pick<Scouted, 'undoEntries' | 'undoMutations'>;

/** A deploy without trouble. Throws where it is not as promised. */
export async function scoutForward(
  arena: Arena,
  strategy: StrategyUnderTest,
): Promise<ScoutedForward> {
  const adversity: Adversity = { name: 'scout', expects: 'succeeded' };
  const played = await runCell(arena, { strategy, adversity });
  const { faults, view, fleet, calls } = played;
  if (faults.length > 0) throw new Error(`${strategy.name}, without trouble: ${faults.join('; ')}`);
  const attempt = view.stages[0]?.attempts[0];
  const planned = attempt?.plan?.steps ?? [];
  const watched = planned.filter((step) => watchesAlarms(step, planned)).map(({ id }) => id);
  return {
    steps: (attempt?.steps ?? []).map(({ stepId, operation }): ScoutedStep => ({
      id: stepId.replace(fleet.cluster, anyCluster),
      operation,
      watchesAlarms: watched.includes(stepId),
    })),
    mutations: await mutationsOf(arena, played, calls.from),
  };
}

/** One that is cancelled late: what its undo changes; nothing where it was over before the cancel arrived. */
export async function scoutUndo(arena: Arena, strategy: StrategyUnderTest): Promise<ScoutedUndo> {
  let from = Number.MAX_SAFE_INTEGER;
  const adversity: Adversity = {
    name: 'undo scout',
    expects: 'either',
    during: async (scene) => {
      const { event } = await scene.watcher.until(({ kind }) => kind === 'stage.planned');
      const steps = event.kind === 'stage.planned' ? event.plan.steps : [];
      if (!(await scene.reached(undoneFrom(steps.map(({ id }) => id))))) return false;
      from = await arena.lastCall();
      await cancel(scene);
      return true;
    },
  };
  const played = await runCell(arena, { strategy, adversity });
  const undo = played.view.stages[0]?.attempts[0]?.undo ?? [];
  return {
    undoEntries: undo
      .filter(({ status }) => status === 'done')
      .map(({ entry }) => entry.id.replace(played.fleet.cluster, anyCluster))
      .toReversed(),
    undoMutations: await mutationsOf(arena, played, from),
  };
}

/** A refresh watches the alarms that it was started with. */
function watchesAlarms(step: PlanStep, all: DeployPlan['steps']): boolean {
  switch (step.operation) {
    case 'watchAlarms':
    case 'watchCanary':
      return step.alarms.length > 0;
    case 'awaitInstanceRefresh':
      return all.some(
        (other) =>
          other.operation === 'startInstanceRefresh' && other.preferences.alarms.length > 0,
      );
    default:
      return false;
  }
}

/** Actions that changed something of the fleet, each once, in the order of their first call. */
async function mutationsOf(
  arena: Arena,
  { fleet, calls }: Played,
  from: number,
): Promise<readonly string[]> {
  const changing = (await arena.callsBetween(from, calls.to)).filter(
    ({ action, resources }) =>
      !/^(Describe|Get|List|Assume)/.test(action) &&
      resources.some((resource) => resource.includes(`${fleet.cluster}-`)),
  );
  return [...new Set(changing.map(({ action }) => action))];
}
