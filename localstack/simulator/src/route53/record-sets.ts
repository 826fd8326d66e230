import { isDeepStrictEqual } from 'node:util';
import type {
  Change,
  ChangeResourceRecordSetsRequest,
  ChangeResourceRecordSetsResponse,
  ListResourceRecordSetsRequest,
  ListResourceRecordSetsResponse,
  ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { changeInfo } from './change-info.js';
import { domainName, rankOf, recordSetKey } from './domain-name.js';
import { getZone } from './hosted-zones.js';
import { checkedRecordSet, invalidBatch, policyOf } from './record-set-checks.js';
import type { HostedZoneRecord } from './records.js';

const PAGE_MAX = 300;
const CHANGES_MAX = 1_000;

/** Record sets: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html */
export const recordSetHandlers: Handlers = {
  ListResourceRecordSets: (
    { scope, reading }: Call,
    input: ListResourceRecordSetsRequest,
  ): ListResourceRecordSetsResponse => {
    const { id } = getZone(scope, input.HostedZoneId);
    const rest = inOrder(scope, id).filter(({ rank }) => rank >= startOf(input));
    const size = Math.min(input.MaxItems ?? PAGE_MAX, reading.adversity.pageSize || PAGE_MAX);
    const next = rest[size]?.set;
    return {
      ResourceRecordSets: rest.slice(0, size).map(({ set }) => set),
      IsTruncated: next !== undefined,
      MaxItems: input.MaxItems ?? PAGE_MAX,
      NextRecordName: next?.Name,
      NextRecordType: next?.Type,
      NextRecordIdentifier: next?.SetIdentifier,
    };
  },
  ChangeResourceRecordSets: (
    { scope }: Call,
    input: ChangeResourceRecordSetsRequest,
  ): ChangeResourceRecordSetsResponse => {
    const zone = getZone(scope, input.HostedZoneId);
    const { Changes: changes = [], Comment: comment } = input.ChangeBatch ?? {};
    if (changes.length === 0 || changes.length > CHANGES_MAX)
      throw new AwsError('InvalidInput', `A batch has from 1 to ${CHANGES_MAX} changes`);
    for (const change of changes) apply(scope, zone, change);
    return { ChangeInfo: changeInfo(scope, comment) };
  },
};

/** By name from its last label on, then by type, then by identifier. */
function inOrder(
  scope: Scope,
  zoneId: string,
): readonly { readonly rank: string; readonly set: ResourceRecordSet }[] {
  return scope.tables.recordSets
    .where('zone', zoneId)
    .map(({ set }) => ({ rank: rankOf(set), set }))
    .toSorted((one, other) => (one.rank < other.rank ? -1 : 1));
}

function startOf(input: ListResourceRecordSetsRequest): string {
  const { StartRecordName: name, StartRecordType: type, StartRecordIdentifier: id } = input;
  if ((type !== undefined && name === undefined) || (id !== undefined && type === undefined))
    throw new AwsError(
      'InvalidInput',
      'A start needs a name before a type, and a type before an id',
    );
  return name === undefined
    ? ''
    : rankOf({ Name: domainName(name), Type: type, SetIdentifier: id });
}

/** One change of a batch; a refusal of any takes back all. */
function apply(scope: Scope, zone: HostedZoneRecord, change: Change): void {
  const { Action: action = '', ResourceRecordSet: given } = change;
  const set = checkedRecordSet(zone, action, given ?? { Name: undefined, Type: undefined });
  const { recordSets } = scope.tables;
  const key = recordSetKey(zone.id, set);
  const there = recordSets.find(key)?.set;
  const named = `resource record set [name='${set.Name}', type='${set.Type}'${set.SetIdentifier === undefined ? '' : `, set identifier='${set.SetIdentifier}'`}]`;
  switch (action) {
    case 'CREATE':
      if (there !== undefined) throw invalidBatch(`Tried to create ${named} but it already exists`);
      break;
    case 'UPSERT':
      break;
    case 'DELETE':
      if (there === undefined) throw invalidBatch(`Tried to delete ${named} but it was not found`);
      if (!isDeepStrictEqual(there, set))
        throw invalidBatch(
          `Tried to delete ${named} but the values provided do not match the current values`,
        );
      recordSets.delete(key);
      return;
    default:
      throw new AwsError('InvalidInput', `'${action}' is not a valid action`);
  }
  refuseOtherPolicy(scope, zone, set);
  recordSets.put(key, { zoneId: zone.id, set });
}

function refuseOtherPolicy(scope: Scope, zone: HostedZoneRecord, set: ResourceRecordSet): void {
  const others = scope.tables.recordSets
    .where('zone', zone.id)
    .filter((row) => row.set.Name === set.Name && row.set.Type === set.Type);
  if (others.every((row) => policyOf(row.set) === policyOf(set))) return;
  throw invalidBatch(
    `RRSet with DNS name ${set.Name}, type ${set.Type}, SetIdentifier ${set.SetIdentifier ?? 'null'} cannot be created because a resource record set with another routing policy exists with the same name and type`,
  );
}
