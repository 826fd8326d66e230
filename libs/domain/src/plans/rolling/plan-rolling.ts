import { requiredHealthy } from '../../groups/capacity.js';
import type { ServerGroupView } from '../../groups/cluster.js';
import { GennakerError } from '../../errors.js';
import { versionKey, type RefreshPreferences } from '../../refreshes/instance-refresh.js';
import type { RollingStrategy } from '../../pipeline/pipeline.js';
import { refreshFloor, refreshSecondsAbout } from '../../refreshes/refresh-capacity.js';
import type { RefreshFacts } from '../deploy-facts.js';
import { asItIs } from '../plan-promises.js';
import type { PlanPromise } from '../plan-promise.js';
import type { PlanStep } from '../plan-step.js';
import { reversePreferences, rollingPreferences } from './rolling-preferences.js';
import { refuseRolling } from './rolling-refusals.js';
import { rollingWarnings } from './rolling-warnings.js';
import { lastingCount } from '../source-of.js';
import { pinStep, subjectIn, unpinStep, verifyStep } from '../steps.js';
import type { StrategyFacts, StrategyPlan } from '../strategy-plan.js';

/**
 * The instances of the server group that serves are replaced in place by Auto Scaling's instance refresh: no group is made.
 * Its minimum is pinned meanwhile, so that scaling in takes nothing that the refresh counts on. `copyOf`: the version that
 * the new one is made from; absent: the one that the group launches from. Throws INVALID_REQUEST.
 */
export function planRolling(
  facts: StrategyFacts,
  strategy: RollingStrategy,
  copyOf?: string,
): StrategyPlan {
  const { cluster, refresh, source } = facts;
  if (source === null || refresh === undefined) throw withoutSource(facts);
  refuseRolling(facts, source, refresh);
  const preferences = rollingPreferences(strategy, refresh.launch);
  const isShrinkable = source.capacity.min < source.capacity.desired;
  const instancesFloor = refreshFloor(source.capacity.desired, preferences);
  return {
    disables: [],
    steps: [
      clearStep(facts),
      ...(isShrinkable ? [pinStep(cluster, source)] : []),
      versionStep(facts, refresh, { forward: preferences, copyOf }),
      refreshStep(facts, source, preferences),
      replacedStep(facts, source, instancesFloor),
      verifyStep(facts),
      ...(isShrinkable ? [unpinStep(cluster, source)] : []),
    ],
    promise: promiseOfRolling(facts, source, instancesFloor),
    warnings: rollingWarnings(facts, source, { refresh, preferences }),
  };
}

function clearStep({ cluster, target }: StrategyFacts): PlanStep {
  return {
    id: 'clear',
    operation: 'awaitNoInstanceRefresh',
    title: `Wait until no other instance refresh of ${target.serverGroup} is active`,
    subject: subjectIn(cluster, target.serverGroup),
  };
}

function versionStep(
  { cluster, target, stage }: StrategyFacts,
  { launch, warmupSeconds }: RefreshFacts,
  {
    forward,
    copyOf,
  }: { readonly forward: RefreshPreferences; readonly copyOf: string | undefined },
): PlanStep {
  const preferences = reversePreferences(forward);
  // AWS's own rollback goes at the pace of the way forward; its checkpoints and bake time do not count.
  const pace = { ...preferences, maxHealthyPercent: forward.maxHealthyPercent };
  const about = refreshSecondsAbout(target.capacity.desired, pace, warmupSeconds);
  return {
    id: 'version',
    operation: 'createLaunchTemplateVersion',
    title:
      copyOf === undefined
        ? `Make a version of ${versionKey(launch)} with image ${target.imageId}`
        : `Make a copy of version ${copyOf} of ${launch.launchTemplateId}, with image ${target.imageId}`,
    subject: subjectIn(cluster, target.serverGroup),
    launchTemplateId: launch.launchTemplateId,
    imageId: target.imageId,
    instanceType: stage.instanceType ?? null,
    ...(copyOf !== undefined && { copyOf }),
    undo: { preferences, secondsMax: undoFactor * about },
  };
}

/** What an undo may take, in multiples of what it takes about: launches may be slow, and a rollback be followed by a refresh. */
const undoFactor = 3;

function refreshStep(
  { cluster, target }: StrategyFacts,
  source: ServerGroupView,
  preferences: RefreshPreferences,
): PlanStep {
  const { minHealthyPercent: min, maxHealthyPercent: max, checkpointPercents } = preferences;
  const stops = checkpointPercents.filter((percent) => percent < 100);
  const pauses = stops.length === 0 ? '' : `, pausing at ${stops.join(', ')} %`;
  return {
    id: 'refresh',
    operation: 'startInstanceRefresh',
    title: `Start replacing the ${target.capacity.desired} instances of ${source.name} at ${min} to ${max} %${pauses}`,
    subject: subjectIn(cluster, source.name),
    preferences,
  };
}

function replacedStep(
  { cluster, target }: StrategyFacts,
  source: ServerGroupView,
  instancesFloor: number,
): PlanStep {
  return {
    id: 'replaced',
    operation: 'awaitInstanceRefresh',
    title: `Wait until all ${target.capacity.desired} instances of ${source.name} run image ${target.imageId}`,
    subject: subjectIn(cluster, source.name),
    arn: source.arn,
    instancesFloor,
  };
}

/** As much serves at every moment as the refresh keeps in service, or as served at the start where that is less. */
function promiseOfRolling(
  { present, target }: StrategyFacts,
  source: ServerGroupView,
  instancesFloor: number,
): PlanPromise {
  const others = present.map(asItIs);
  const { serverGroup, imageId, targetHealthyPercent, capacity } = target;
  const end = { serverGroup, state: 'enabled', capacity: source.capacity } as const;
  const healthy = requiredHealthy(capacity.desired, targetHealthyPercent);
  return {
    instancesServingMin: Math.min(lastingCount(source), instancesFloor, healthy),
    succeeded: { serverGroups: [...others, { ...end, imageId }] },
    undone: { serverGroups: [...others, { ...end, imageId: source.imageId }] },
  };
}

function withoutSource({ stage, target }: StrategyFacts): GennakerError {
  return new GennakerError(
    'SOURCE_NOT_FOUND',
    `Stage ${stage.refId} has no server group whose instances could be replaced in ${stage.account} ${stage.region}: ` +
      'use the strategy redBlack for the first one of a cluster.',
    { details: { serverGroup: target.serverGroup } },
  );
}
