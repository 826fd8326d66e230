import type { AliasTarget, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { AwsError } from '../wire/aws-error.js';
import { domainName } from './domain-name.js';
import type { HostedZoneRecord } from './records.js';

/** The zone that every load balancer of the stand-in says is its own. */
const LOAD_BALANCER_ZONE = 'Z32O12XQLNTSW2';
const POLICIES = [
  'Weight',
  'Region',
  'GeoLocation',
  'Failover',
  'MultiValueAnswer',
  'CidrRoutingConfig',
  'GeoProximityLocation',
] as const;

/**
 * A record set as it is kept, checked by itself.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
 */
export function checkedRecordSet(
  zone: HostedZoneRecord,
  action: string,
  set: ResourceRecordSet,
): ResourceRecordSet {
  const name = domainName(set.Name);
  if (name !== zone.name && !name.endsWith(`.${zone.name}`))
    throw invalidBatch(`RRSet with DNS name ${name} is not permitted in zone ${zone.name}`);
  const { AliasTarget: alias } = set;
  const isPlain = set.TTL !== undefined && (set.ResourceRecords ?? []).length > 0;
  const none = set.TTL === undefined && set.ResourceRecords === undefined;
  if (alias === undefined ? !isPlain : !none) {
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${alias === undefined ? 'none' : 'more than one'} in Change with [Action=${action}, Name=${name}, Type=${set.Type}, SetIdentifier=${set.SetIdentifier ?? 'null'}]`,
    );
  }
  const policies = POLICIES.filter((policy) => set[policy] !== undefined);
  if (policies.length > 1 || (policies.length === 1) !== (set.SetIdentifier !== undefined)) {
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Missing or conflicting routing policy in Change with [Action=${action}, Name=${name}, Type=${set.Type}, SetIdentifier=${set.SetIdentifier ?? 'null'}]`,
    );
  }
  return {
    ...set,
    Name: name,
    ...(alias !== undefined && { AliasTarget: checkedAlias(alias, { name, type: set.Type }) }),
  };
}

/** The word for how a record set's requests are shared; two of a name and type must share them alike. */
export function policyOf(set: ResourceRecordSet): string {
  return POLICIES.find((policy) => set[policy] !== undefined) ?? 'simple';
}

export function invalidBatch(message: string): AwsError {
  return new AwsError('InvalidChangeBatch', `[${message}]`);
}

/** A load balancer's name lies in Elastic Load Balancing's own zone, whose id DescribeLoadBalancers tells. */
function checkedAlias(
  alias: AliasTarget,
  { name, type }: { readonly name: string; readonly type: string | undefined },
): AliasTarget {
  const dnsName = domainName(alias.DNSName);
  const isBalancer = dnsName.endsWith('.elb.amazonaws.com.');
  if (isBalancer && (alias.HostedZoneId !== LOAD_BALANCER_ZONE || !isAddress(type))) {
    throw invalidBatch(
      `Tried to create an alias that targets ${dnsName}, type ${type} in zone ${alias.HostedZoneId}, but the alias target name does not lie within the target zone`,
    );
  }
  if (dnsName === name) throw invalidBatch(`Tried to create an alias of ${name} to itself`);
  return { ...alias, DNSName: dnsName };
}

function isAddress(type: string | undefined): boolean {
  return type === 'A' || type === 'AAAA';
}
