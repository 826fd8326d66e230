import { GennakerError } from '../errors.js';

/** What a source server group has that the new one does not get, as far as AWS tells. */
export interface UncopiedSettings {
  /** Settings of the group itself by a stable name (`classicLoadBalancers`, `operator`, …), with their value in words. */
  readonly settings: readonly NotCarriedOverItem[];
  /** What hangs on the group, or is part of its mixed instances policy, with the reason in words. */
  readonly refusals: readonly NotCarriedOverItem[];
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
  const fields = settings.unknownLaunchFields
    .toSorted()
    .map((name) => ({ name: `launchField:${name}`, value: name }));
  const items = [...settings.settings, ...settings.refusals, ...fields].filter(
    (item) => !acceptNotCopied.includes(item.name),
  );
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
