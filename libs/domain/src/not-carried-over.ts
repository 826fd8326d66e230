import { GennakerError } from './errors.js';

/**
 * Settings of a source server group that this version does not copy to the new one. Names are AWS's; absent lists are
 * empty, absent settings are false or null.
 */
export interface UncopiedSettings {
  readonly scalingPolicies: readonly string[];
  readonly scheduledActions: readonly string[];
  readonly lifecycleHooks: readonly string[];
  /** SNS topic ARNs. */
  readonly notificationTopics: readonly string[];
  readonly enabledMetrics: readonly string[];
  /** Classic load balancers by name. */
  readonly classicLoadBalancers: readonly string[];
  /** Traffic sources other than target groups (VPC Lattice), by identifier. */
  readonly otherTrafficSources: readonly string[];
  /** Fields of the launch template or launch configuration that cannot be cloned, by name. */
  readonly launchFields: readonly string[];
  /** Group settings that are set to something else than AWS's default, by their AWS name (`WarmPoolConfiguration`, …). */
  readonly groupSettings: readonly string[];
}

/** One setting that would be lost: `name` is what `acceptNotCopied` takes. */
export interface NotCarriedOverItem {
  readonly name: string;
  readonly kind: string;
}

/** Everything that would be lost, in a stable order, without what was accepted. Pure and total. */
export function notCarriedOver(
  settings: UncopiedSettings,
  acceptNotCopied: readonly string[],
): readonly NotCarriedOverItem[] {
  const accepted = new Set(acceptNotCopied);
  return [
    ...named('scaling policy', 'scalingPolicy', settings.scalingPolicies),
    ...named('scheduled action', 'scheduledAction', settings.scheduledActions),
    ...named('lifecycle hook', 'lifecycleHook', settings.lifecycleHooks),
    ...named('notification topic', 'notification', settings.notificationTopics),
    ...named('group metric', 'enabledMetric', settings.enabledMetrics),
    ...named('classic load balancer', 'classicLoadBalancer', settings.classicLoadBalancers),
    ...named('traffic source', 'trafficSource', settings.otherTrafficSources),
    ...named('launch setting', 'launchField', settings.launchFields),
    ...named('group setting', 'groupSetting', settings.groupSettings),
  ].filter((item) => !accepted.has(item.name));
}

/** Throws NOT_CARRIED_OVER, naming each item and how to accept it, unless there is nothing to lose. */
export function refuseNotCarriedOver(
  source: string,
  settings: UncopiedSettings,
  acceptNotCopied: readonly string[],
): void {
  const items = notCarriedOver(settings, acceptNotCopied);
  if (items.length === 0) return;
  const names = items.map((item) => item.name);
  throw new GennakerError(
    'NOT_CARRIED_OVER',
    `Nothing was changed: ${source} has settings that the new server group would not get: ` +
      `${names.join(', ')}. To deploy without them, list them in the stage's acceptNotCopied.`,
    { details: { source, items: items.map(({ name, kind }) => ({ name, kind })) } },
  );
}

function named(kind: string, prefix: string, names: readonly string[]): NotCarriedOverItem[] {
  return [...new Set(names)].toSorted().map((name) => ({ name: `${prefix}:${name}`, kind }));
}
