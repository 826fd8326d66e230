import { GennakerError, type PlannedScaling, type ScheduledAction } from '@gennaker/domain';
import { reading } from '../../call-options.js';
import { pause } from '../../observe/pause.js';
import type { Observed } from '../../observe/watch-server-group.js';

/** How many looks the attachments get to become visible. */
const attachedLooksMax = 10;
/** Between two of these looks. */
const lookAgainMs = 1_000;

/** What must be there. */
export interface AttachedThings {
  readonly scaling: PlannedScaling;
  readonly actions: readonly ScheduledAction[];
  /** ARNs of the policies by name. */
  readonly arns: ReadonlyMap<string, string>;
}

/**
 * Looks until AWS shows every policy, alarm and scheduled action. Throws CHANGED_BY_SOMEONE_ELSE naming what does not come
 * to be there.
 */
export async function verifyScaling(observed: Observed, things: AttachedThings): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const missing = await missingNow(observed, things);
    if (missing.length === 0) return;
    if (looks >= attachedLooksMax) throw notAttached(observed, missing);
    await pause(lookAgainMs, observed.signal);
  }
}

async function missingNow(
  { region, serverGroup, priority }: Observed,
  { scaling, actions, arns }: AttachedThings,
): Promise<readonly string[]> {
  const names = scaling.alarms.map(({ name }) => name);
  const [attached, alarms] = await Promise.all([
    region.describeAttachments(serverGroup, reading(priority)),
    region.describeAlarms({ names }, reading(priority)),
  ]);
  const ofNewPolicies = new Set(arns.values());
  const acting = alarms.filter(({ actions: { alarm, ok, insufficientData } }) =>
    [...alarm, ...ok, ...insufficientData].some((arn) => ofNewPolicies.has(arn)),
  );
  return [
    ...absent('scaling policy', scaling.policies, attached.policies),
    ...absent('scheduled action', actions, attached.scheduledActions),
    ...absent('alarm', scaling.alarms, acting),
  ];
}

interface Named {
  readonly name: string;
}

function absent(kind: string, wanted: readonly Named[], shown: readonly Named[]): string[] {
  const names = new Set(shown.map(({ name }) => name));
  return wanted.filter(({ name }) => !names.has(name)).map(({ name }) => `${kind} ${name}`);
}

function notAttached(
  { serverGroup, region: { account, region } }: Observed,
  missing: readonly string[],
): GennakerError {
  return new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `AWS accepted what was attached to ${serverGroup}, but ${attachedLooksMax} looks do not show ${missing.join(', ')}. ` +
      'Someone or something else removes it; stop that, then retry the stage.',
    { details: { serverGroup, account, region, missing: [...missing] } },
  );
}
