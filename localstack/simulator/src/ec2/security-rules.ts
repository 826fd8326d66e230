import type { IpPermission } from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';

const SOURCES = ['IpRanges', 'Ipv6Ranges', 'UserIdGroupPairs', 'PrefixListIds'] as const;

/** What every security group lets out at first. */
export const OPEN_EGRESS: readonly IpPermission[] = [
  { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
];

/** Permissions taken apart: EC2 counts, adds and takes away rules of one source each. */
function singleRules(permissions: readonly IpPermission[]): readonly IpPermission[] {
  return permissions.flatMap((permission) => {
    const { IpProtocol, FromPort, ToPort } = permission;
    const ports = {
      ...(IpProtocol === undefined ? {} : { IpProtocol }),
      ...(FromPort === undefined ? {} : { FromPort }),
      ...(ToPort === undefined ? {} : { ToPort }),
    };
    return SOURCES.flatMap((source) =>
      (permission[source] ?? []).map((one): IpPermission => ({ ...ports, [source]: [one] })),
    );
  });
}

/** Rules of equal ports put together, as EC2 lists them. */
export function joinedRules(rules: readonly IpPermission[]): readonly IpPermission[] {
  const joined = new Map<string, IpPermission>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.IpProtocol, rule.FromPort, rule.ToPort]);
    const known = joined.get(key) ?? {};
    joined.set(key, {
      ...rule,
      IpRanges: both(known.IpRanges, rule.IpRanges),
      Ipv6Ranges: both(known.Ipv6Ranges, rule.Ipv6Ranges),
      UserIdGroupPairs: both(known.UserIdGroupPairs, rule.UserIdGroupPairs),
      PrefixListIds: both(known.PrefixListIds, rule.PrefixListIds),
    });
  }
  return [...joined.values()];
}

function both<T>(a: readonly T[] = [], b: readonly T[] = []): T[] | undefined {
  return a.length + b.length === 0 ? undefined : [...a, ...b];
}

/** Adds rules, all or none: one that is there already refuses the call. */
export function withRules(
  known: readonly IpPermission[],
  added: readonly IpPermission[],
): readonly IpPermission[] {
  const rules = singleRules(added);
  const keys = new Set(known.map(ruleKey));
  for (const rule of rules) {
    if (keys.has(ruleKey(rule)))
      throw new AwsError('InvalidPermission.Duplicate', 'the specified rule already exists');
    keys.add(ruleKey(rule));
  }
  return [...known, ...rules];
}

/** Takes rules away, all or none: one that is not there refuses the call. */
export function withoutRules(
  known: readonly IpPermission[],
  removed: readonly IpPermission[],
): readonly IpPermission[] {
  const keys = new Set(singleRules(removed).map(ruleKey));
  const there = new Set(known.map(ruleKey));
  if ([...keys].some((key) => !there.has(key)))
    throw new AwsError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  return known.filter((rule) => !keys.has(ruleKey(rule)));
}

/** What tells rules apart; a description does not. */
export function ruleKey(rule: IpPermission): string {
  return JSON.stringify([
    rule.IpProtocol,
    rule.FromPort,
    rule.ToPort,
    rule.IpRanges?.[0]?.CidrIp,
    rule.Ipv6Ranges?.[0]?.CidrIpv6,
    rule.UserIdGroupPairs?.[0]?.GroupId,
    rule.PrefixListIds?.[0]?.PrefixListId,
  ]);
}
