import type { ServerGroupView } from '../../groups/cluster.js';
import { GennakerError } from '../../errors.js';
import { refuseSuspended } from '../../refreshes/refresh-refusals.js';
import type { RefreshFacts } from '../deploy-facts.js';
import type { StrategyFacts } from '../strategy-plan.js';

/** Throws INVALID_REQUEST where replacing the instances in place would not do what a deploy is asked for. */
export function refuseRolling(
  facts: StrategyFacts,
  source: ServerGroupView,
  refresh: RefreshFacts,
): void {
  if (!source.enabled) {
    throw refused(
      source,
      'it is disabled: a rolling deploy replaces the instances of what serves. Enable it, or use the strategy redBlack.',
    );
  }
  const others = facts.enabled.filter((group) => group.name !== source.name);
  if (others.length > 0) {
    const names = others.map((group) => group.name).join(', ');
    throw refused(
      source,
      `${names} would go on serving the old version beside it: disable what should not serve, or use the strategy redBlack.`,
    );
  }
  refuseSuspended(source);
  refuseUncheckedTargets(facts, source);
  refuseFollowers(source, refresh);
  refuseAlarms(source, refresh);
}

/** Without ELB checks an instance counts as replaced when it runs, healthy in its target groups or not. */
function refuseUncheckedTargets({ target }: StrategyFacts, source: ServerGroupView): void {
  if (target.targetGroupArns.length === 0 || target.healthCheckType.includes('ELB')) return;
  throw refused(
    source,
    `its health checks are ${target.healthCheckType} only, so that Auto Scaling would go on although no load balancer finds ` +
      'the new instances healthy. Turn ELB health checks on, or use the strategy redBlack.',
  );
}

function refuseFollowers(source: ServerGroupView, { launch, latestFollowers }: RefreshFacts): void {
  if (latestFollowers.length === 0) return;
  throw refused(
    source,
    `${latestFollowers.join(', ')} would launch the new version too, following $Latest of ${launch.launchTemplateId}. ` +
      'Set them to a numbered version, or use the strategy redBlack.',
  );
}

function refuseAlarms(source: ServerGroupView, { alarms }: RefreshFacts): void {
  const missing = alarms.filter(({ state }) => state === null);
  const firing = alarms.filter(({ state }) => state === 'ALARM');
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    throw refused(source, `there is no CloudWatch alarm ${names} in its region.`);
  }
  if (firing.length > 0) {
    const names = firing.map(({ name }) => name).join(', ');
    throw refused(source, `${names} is in the ALARM state, and would fail the refresh at once.`);
  }
}

function refused(source: ServerGroupView, why: string): GennakerError {
  return new GennakerError(
    'INVALID_REQUEST',
    `The instances of ${source.name} cannot be replaced in place: ${why}`,
    { details: { serverGroup: source.name } },
  );
}
