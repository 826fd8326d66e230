import type { Checked } from '../checked.js';

/** How Route 53 chooses among the records of a name and type; `other`: by place, by answer, by address. */
export type AliasRouting = 'simple' | 'weighted' | 'latency' | 'failover' | 'other';

/** A Route 53 alias record of a load balancer that evaluates its target's health. */
export interface HealthAlias {
  /** Without the dot at its end. */
  readonly record: string;
  readonly type: 'A' | 'AAAA';
  readonly zone: string;
  readonly isPrivateZone: boolean;
  /** DNS name of the load balancer, in small letters. */
  readonly loadBalancer: string;
  readonly routing: AliasRouting;
  /** What tells records of one name and type apart; null for a simple one. */
  readonly setIdentifier: string | null;
}

/** What was found in an account. */
export interface HealthAliases {
  /** How many hosted zones the account has. */
  readonly hostedZones: number;
  readonly aliases: readonly HealthAlias[];
}

/** Records that a plan names; of more it tells the number. */
const aliasesNamedMax = 5;

/** Target groups that are or become empty, in words, and the load balancers that have them. */
export interface EmptyTargetGroups {
  readonly empty: readonly string[];
  readonly loadBalancers: readonly string[];
  /** Absent: Route 53 was not read for this plan. */
  readonly aliases?: Checked<HealthAliases> | undefined;
}

/**
 * Warnings of what Route 53 makes of an empty target group: it takes an application or network load balancer for unhealthy
 * while a target group of its has no registered target (Route 53 API_AliasTarget, EvaluateTargetHealth), and then answers
 * with other records of the name and type; where none is healthy it treats all as healthy (Route 53 guide, "How Amazon
 * Route 53 chooses records when health checking is configured"). None where no record was found. Where it could not be
 * read, or the account keeps no zone, so that records are elsewhere, the warning has an if and says why. Pure.
 */
export function healthAliasWarnings(of: EmptyTargetGroups): readonly string[] {
  const { empty, loadBalancers, aliases } = of;
  if (empty.length === 0 || loadBalancers.length === 0) return [];
  const what = empty.join(', and ');
  const iffy = (why: string): readonly string[] => [
    `${what}: a Route 53 alias record of ${loadBalancers.join(', ')} that evaluates target health takes the whole ` +
      `load balancer for unhealthy while one of its target groups has no target. See that none does: ${why}.`,
  ];
  if (aliases === undefined) {
    return iffy('only previews, and runs in a cluster of more than 100 instances, read Route 53');
  }
  if ('unknown' in aliases)
    return iffy(`Route 53 could not be read. ${withoutDot(aliases.unknown)}`);
  if (aliases.value.hostedZones === 0) {
    return iffy('this account has no hosted zone, so its records are kept elsewhere');
  }
  const found = aliases.value.aliases;
  const more = found.length - aliasesNamedMax;
  return [
    ...found.slice(0, aliasesNamedMax).map((alias) => `${what}: ${aliasInWords(alias)}`),
    ...(more > 0
      ? [`${more} more Route 53 records evaluate the health of this load balancer.`]
      : []),
  ];
}

function aliasInWords(alias: HealthAlias): string {
  const { record, type, zone, isPrivateZone, loadBalancer, routing, setIdentifier } = alias;
  const kind = [type, routing === 'other' ? 'one of several' : routing];
  const named = setIdentifier === null ? kind : [...kind, `"${setIdentifier}"`];
  const begins =
    `the Route 53 record ${record} (${named.join(', ')}) of the ${isPrivateZone ? 'private ' : ''}zone ${zone} evaluates the ` +
    `health of ${loadBalancer}, which counts as unhealthy while one of its target groups has no target`;
  return routing === 'simple'
    ? `${begins}. It is the only one of its name, so that it is answered all the same; a record that is an alias of it and ` +
        'evaluates health leaves it out.'
    : `${begins}: Route 53 then answers with the other records of that name if one of them is healthy, and this load balancer ` +
        'gets no new clients by it. Switch the evaluation off, or keep a target in each target group.';
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '');
}
