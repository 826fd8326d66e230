import { GennakerError } from './errors.js';

/** What a source server group has that this version does not copy to the new one, as far as AWS tells. */
export interface UncopiedSettings {
  /** Settings of the group itself by a stable name (`warmPool`, `mixedInstancesPolicy`, …), with their value in words. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  readonly scalingPolicies: readonly string[];
  readonly alarms: readonly string[];
  readonly scheduledActions: readonly string[];
  readonly lifecycleHooks: readonly string[];
  /** SNS topic ARNs. */
  readonly notificationTopics: readonly string[];
  /** Fields of the launch template or launch configuration that a clone would lose. */
  readonly unknownLaunchFields: readonly string[];
}

/** One setting that would be lost: `name` is what `acceptNotCopied` takes; `value` is for people. */
export interface NotCarriedOverItem {
  readonly name: string;
  readonly value: string;
}

/** Everything that would be lost, each once and in a stable order, without what was accepted. Pure and total. */
export function notCarriedOver(
  settings: UncopiedSettings,
  acceptNotCopied: readonly string[],
): readonly NotCarriedOverItem[] {
  const items = [
    ...settings.settings,
    ...named('scalingPolicy', settings.scalingPolicies),
    ...named('alarm', settings.alarms),
    ...named('scheduledAction', settings.scheduledActions),
    ...named('lifecycleHook', settings.lifecycleHooks),
    ...named('notification', settings.notificationTopics),
    ...named('launchField', settings.unknownLaunchFields),
  ].filter((item) => !acceptNotCopied.includes(item.name));
  return [...new Map(items.map((item) => [item.name, item])).values()];
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
    { details: { source, items: items.map(({ name, value }) => ({ name, value })) } },
  );
}

function named(prefix: string, names: readonly string[]): NotCarriedOverItem[] {
  return names.toSorted().map((name) => ({ name: `${prefix}:${name}`, value: name }));
}
