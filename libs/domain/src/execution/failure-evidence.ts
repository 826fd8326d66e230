import type { InstanceView, ServerGroupView } from '../groups/cluster.js';

/** Rows of target health that are kept: reasons are few, unless something is very wrong. */
export const targetHealthRowsMax = 20;
/** Instances that are named as examples, over all rows. */
export const evidenceExamplesMax = 20;
/** Instances whose console is kept: a faulty image fails everywhere in the same way. */
export const evidenceConsolesMax = 3;
/** Characters of AWS's description of a target's health that are kept. */
const descriptionCharactersMax = 200;

/** How the targets of a server group stand in one of its target groups, by AWS's reason (ELBv2 TargetHealth). */
export interface TargetHealthRow {
  readonly targetGroupArn: string;
  readonly state: string;
  /** Such as Target.FailedHealthChecks; null where AWS gives none. */
  readonly reason: string | null;
  readonly description: string | null;
  readonly instances: number;
  /** Some of them. */
  readonly examples: readonly string[];
}

/** The end of what an instance wrote to its console. May contain secrets: it is kept in its event and shown on demand only. */
export interface ConsoleExcerpt {
  readonly instanceId: string;
  readonly zone: string;
  readonly lifecycleState: string;
  /** When it was last updated, ISO 8601; null where AWS does not say. */
  readonly at: string | null;
  readonly text: string;
  /** False: there was more before it. */
  readonly isWhole: boolean;
}

/** What is kept of a server group that failed, read before it goes. */
export interface FailureEvidence {
  readonly serverGroup: string;
  readonly observedAt: string;
  readonly targetHealth: readonly TargetHealthRow[];
  readonly consoles: readonly ConsoleExcerpt[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}

/** The same without the texts of the consoles: what views carry. */
export interface EvidenceSummary extends Omit<FailureEvidence, 'consoles'> {
  readonly consoles: readonly (Omit<ConsoleExcerpt, 'text'> & { readonly characters: number })[];
}

/** A target's health as AWS tells it, of one instance. */
export interface TargetHealthSeen {
  readonly targetGroupArn: string;
  readonly instanceId: string;
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/** Counted by state, reason and description, the most frequent first; what is healthy comes last. */
export function targetHealthRows(seen: readonly TargetHealthSeen[]): readonly TargetHealthRow[] {
  const rows = [
    ...Map.groupBy(seen, ({ targetGroupArn, state, reason, description }) =>
      JSON.stringify([targetGroupArn, state, reason ?? null, description ?? null]),
    ).values(),
  ];
  const isHealthy = ([one]: readonly TargetHealthSeen[]): number =>
    one?.state === 'healthy' ? 1 : 0;
  const kept = rows
    .toSorted((one, other) => isHealthy(one) - isHealthy(other) || other.length - one.length)
    .slice(0, targetHealthRowsMax);
  const each = Math.max(1, Math.floor(evidenceExamplesMax / Math.max(1, kept.length)));
  return kept.flatMap((row): readonly TargetHealthRow[] => {
    const [first] = row;
    if (first === undefined) return [];
    const { targetGroupArn, state, reason = null, description = null } = first;
    return [
      {
        targetGroupArn,
        state,
        reason,
        description: description === null ? null : description.slice(0, descriptionCharactersMax),
        instances: row.length,
        examples: row.slice(0, each).map(({ instanceId }) => instanceId),
      },
    ];
  });
}

/**
 * Instances whose console may say why they are not healthy, at most {@link evidenceConsolesMax}: one of each reason first,
 * then others. Those that leave are left out.
 */
export function troubledInstances(
  group: Pick<ServerGroupView, 'instances' | 'targetGroupArns'>,
  seen: readonly TargetHealthSeen[],
): readonly InstanceView[] {
  const reasonOf = ({ instanceId, lifecycleState }: InstanceView): string => {
    const bad = seen.find((one) => one.instanceId === instanceId && one.state !== 'healthy');
    return `${lifecycleState} ${bad?.reason ?? ''}`;
  };
  const isHealthy = ({ instanceId, lifecycleState, healthStatus }: InstanceView): boolean =>
    lifecycleState === 'InService' &&
    healthStatus === 'Healthy' &&
    group.targetGroupArns.every((arn) =>
      seen.some(
        (one) =>
          one.instanceId === instanceId && one.targetGroupArn === arn && one.state === 'healthy',
      ),
    );
  const troubled = group.instances.filter(
    (one) => !one.lifecycleState.startsWith('Terminat') && !isHealthy(one),
  );
  const byReason = [...Map.groupBy(troubled, reasonOf).values()];
  const firsts = byReason.flatMap((ofReason) => ofReason.slice(0, 1));
  const others = byReason.flatMap((ofReason) => ofReason.slice(1));
  return [...firsts, ...others].slice(0, evidenceConsolesMax);
}

/** Without what may contain secrets. */
export function evidenceSummary({ consoles, ...evidence }: FailureEvidence): EvidenceSummary {
  return {
    ...evidence,
    consoles: consoles.map(({ text, ...one }) => ({ ...one, characters: text.length })),
  };
}

/** What the targets that are not healthy say, in words; null where there are none. */
export function targetWords({
  targetHealth,
}: Pick<EvidenceSummary, 'targetHealth'>): string | null {
  const words = targetHealth
    .filter(({ state }) => state !== 'healthy')
    .map(
      ({ state, reason, instances }) =>
        `${instances} ${state}${reason === null ? '' : ` (${reason})`}`,
    );
  return words.length === 0 ? null : words.join(', ');
}
