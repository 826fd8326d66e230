import type {
  CreateHostedZoneRequest,
  CreateHostedZoneResponse,
  DeleteHostedZoneRequest,
  DeleteHostedZoneResponse,
  HostedZone,
  ListHostedZonesRequest,
  ListHostedZonesResponse,
} from '@aws-sdk/client-route-53';
import { AwsError } from '../wire/aws-error.js';
import { notThere } from '../wire/not-there.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { changeInfo } from './change-info.js';
import { domainName, recordSetKey } from './domain-name.js';
import type { HostedZoneRecord } from './records.js';

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html */
const ZONES_MAX = 500;
const PAGE_MAX = 100;
const NAME_SERVERS = ['ns-1.stand-in.example.', 'ns-2.stand-in.example.'];

/** Hosted zones: https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html */
export const hostedZoneHandlers: Handlers = {
  CreateHostedZone: ({ scope }: Call, input: CreateHostedZoneRequest): CreateHostedZoneResponse => {
    const record = createZone(scope, input);
    return {
      HostedZone: zoneView(scope, record),
      ChangeInfo: changeInfo(scope),
      DelegationSet: record.isPrivate ? undefined : { NameServers: [...NAME_SERVERS] },
      VPC: record.isPrivate ? input.VPC : undefined,
      Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${record.id}`,
    };
  },
  ListHostedZones: (
    { scope, reading }: Call,
    input: ListHostedZonesRequest,
  ): ListHostedZonesResponse => {
    if (input.DelegationSetId !== undefined)
      throw notThere('Reusable delegation sets are not yet implemented or pro feature');
    const onlyPrivate = input.HostedZoneType === 'PrivateHostedZone';
    const rows = scope.tables.hostedZones.all().filter((zone) => !onlyPrivate || zone.isPrivate);
    const page = reading.page({
      rows,
      key: ({ id }) => id,
      token: input.Marker,
      limit: input.MaxItems,
      max: PAGE_MAX,
    });
    return {
      HostedZones: page.items.map((zone) => zoneView(scope, zone)),
      Marker: input.Marker,
      IsTruncated: page.nextToken !== undefined,
      NextMarker: page.nextToken,
      MaxItems: input.MaxItems ?? PAGE_MAX,
    };
  },
  DeleteHostedZone: ({ scope }: Call, input: DeleteHostedZoneRequest): DeleteHostedZoneResponse => {
    const { id } = getZone(scope, input.Id);
    const keys = scope.tables.recordSets.keysWhere('zone', id);
    const own = scope.tables.recordSets.where('zone', id).filter(({ set }) => isOwn(set.Type));
    if (keys.length > own.length) {
      throw new AwsError(
        'HostedZoneNotEmpty',
        'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
      );
    }
    keys.forEach((key) => scope.tables.recordSets.delete(key));
    scope.tables.hostedZones.delete(id);
    return { ChangeInfo: changeInfo(scope) };
  },
};

/** Throws NoSuchHostedZone. */
export function getZone(scope: Scope, id: string | undefined): HostedZoneRecord {
  const plain = (id ?? '').replace(/^\/?hostedzone\//, '');
  const zone = scope.tables.hostedZones.find(plain);
  if (zone !== undefined) return zone;
  throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${plain}`, 404);
}

/** Name servers and start of authority: made with the zone, and gone with it. */
function isOwn(type: string | undefined): boolean {
  return type === 'NS' || type === 'SOA';
}

function createZone(scope: Scope, input: CreateHostedZoneRequest): HostedZoneRecord {
  const { hostedZones, recordSets } = scope.tables;
  const name = domainName(input.Name);
  const { CallerReference: callerReference = '', VPC: vpc, HostedZoneConfig: config } = input;
  if (hostedZones.all().some((zone) => zone.callerReference === callerReference)) {
    throw new AwsError(
      'HostedZoneAlreadyExists',
      `A hosted zone has already been created with the specified caller reference: ${callerReference}`,
      409,
    );
  }
  if (config?.PrivateZone === true && vpc === undefined)
    throw new AwsError('InvalidInput', 'When you create a private hosted zone you must give a VPC');
  if (hostedZones.size >= ZONES_MAX)
    throw new AwsError('TooManyHostedZones', `You cannot have more than ${ZONES_MAX} zones`);
  const id = `Z${scope.world.nextHex(20).toUpperCase()}`;
  const comment = config?.Comment;
  const zone = { id, name, callerReference, comment, isPrivate: vpc !== undefined };
  hostedZones.put(id, zone);
  const own = (Type: 'NS' | 'SOA', TTL: number, values: readonly string[]): void => {
    const set = { Name: name, Type, TTL, ResourceRecords: values.map((Value) => ({ Value })) };
    recordSets.put(recordSetKey(id, set), { zoneId: id, set });
  };
  own('NS', 172_800, NAME_SERVERS);
  own('SOA', 900, [`${NAME_SERVERS[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`]);
  return zone;
}

function zoneView(scope: Scope, zone: HostedZoneRecord): HostedZone {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { Comment: zone.comment, PrivateZone: zone.isPrivate },
    ResourceRecordSetCount: scope.tables.recordSets.countWhere('zone', zone.id),
  };
}
