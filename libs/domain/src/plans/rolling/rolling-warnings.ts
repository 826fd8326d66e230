import type { ServerGroupView } from '../../groups/cluster.js';
import { refreshInWords, type RefreshPreferences } from '../../refreshes/instance-refresh.js';
import { refreshSecondsAbout } from '../../refreshes/refresh-capacity.js';
import type { RefreshFacts } from '../deploy-facts.js';
import type { StrategyFacts } from '../strategy-plan.js';

/** Things a person should know before instances are replaced in place; none of them refuses it. */
export function rollingWarnings(
  { stage, target }: StrategyFacts,
  source: ServerGroupView,
  {
    refresh,
    preferences,
  }: { readonly refresh: RefreshFacts; readonly preferences: RefreshPreferences },
): readonly string[] {
  const { launch, active } = refresh;
  const standby = source.instances.filter((one) => one.lifecycleState.includes('Standby'));
  const isProtected = source.instances.filter((one) => one.protectedFromScaleIn === true);
  const seconds = refreshSecondsAbout(target.capacity.desired, preferences, refresh.warmupSeconds);
  return [
    active !== null &&
      `There is ${refreshInWords(active)}: it is waited for, and what it sets becomes the base of this deploy.`,
    standby.length > 0 &&
      `In standby, and waited for up to an hour: ${idsOf(standby)}. Return them to service, or the refresh fails.`,
    isProtected.length > 0 &&
      `Protected from scale-in, and waited for up to an hour: ${idsOf(isProtected)}. Remove the protection, or the refresh fails.`,
    launch.specified !== launch.version &&
      `${source.name} follows ${launch.specified} (now ${launch.version}) and will launch from a numbered version afterwards.`,
    !preferences.autoRollback &&
      `Auto Scaling cannot roll back by itself, since the image ${launch.imageId} is a parameter; Gennaker does it by a new refresh.`,
    source.imageId === target.imageId &&
      `${source.name} has image ${target.imageId} already; its instances are replaced all the same.`,
    seconds > stage.timeoutSeconds &&
      `Replacing ${target.capacity.desired} instances takes about ${seconds} s, the stage has ${stage.timeoutSeconds} s.`,
  ].filter((warning) => typeof warning === 'string');
}

function idsOf(instances: readonly { readonly instanceId: string }[]): string {
  return instances.map((one) => one.instanceId).join(', ');
}
