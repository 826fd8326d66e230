import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type HostedZone,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import {
  GennakerError,
  type AliasRouting,
  type HealthAlias,
  type HealthAliases,
} from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { isCode } from '../calling/is-code.js';
import { collectPages, type Page } from '../calling/pages.js';
import { requiredField } from '../calling/required-field.js';

/** Calls of one look: six seconds of the five a second that an account has for everything. */
const dnsCallsMax = 30;
/** Seconds of one look: a preview of several stages has thirty for all of them. */
const dnsSecondsMax = 10;
/** Every zone has its name servers and its start of authority; one without more need not be listed. */
const ownRecordSets = 2;
/** Record sets that one ListResourceRecordSets gives at most (API_ListResourceRecordSets). */
const recordSetsPerPage = 300;

/** See DnsReads. */
export async function findHealthAliases(
  caller: AwsCaller,
  dnsNames: readonly string[],
  options: CallOptions,
): Promise<HealthAliases> {
  const time = AbortSignal.timeout(dnsSecondsMax * 1_000);
  const signal = options.signal === undefined ? time : AbortSignal.any([options.signal, time]);
  try {
    return await new Look(caller, { ...options, signal }).find(new Set(dnsNames.map(plainName)));
  } catch (error) {
    if (!time.aborted || options.signal?.aborted === true) throw error;
    throw new GennakerError(
      'AWS_UNAVAILABLE',
      `Route 53 could not be read within ${dnsSecondsMax} s: it takes five requests a second for the whole account.`,
      { cause: error },
    );
  }
}

/** One look through the zones of an account, which counts its calls. */
class Look {
  #calls = 0;

  constructor(
    private readonly caller: AwsCaller,
    private readonly options: CallOptions,
  ) {}

  async find(names: ReadonlySet<string>): Promise<HealthAliases> {
    const zones = await this.#zones();
    const filled = zones.filter(({ ResourceRecordSetCount: n = Infinity }) => n > ownRecordSets);
    // Told beforehand, it costs no call of those that others need.
    if (this.#calls + filled.reduce((sum, zone) => sum + pagesOf(zone), 0) > dnsCallsMax) {
      throw tooMany(zones.length);
    }
    const aliases: HealthAlias[] = [];
    for (const zone of filled) {
      const sets = await this.#recordSets(zone, zones.length);
      aliases.push(...sets.flatMap((set) => aliasOf(zone, set, names)));
    }
    return { hostedZones: zones.length, aliases };
  }

  #zones(): Promise<readonly HostedZone[]> {
    return collectPages('hosted zones', async (token) => {
      this.#count('more than were listed');
      const command = new ListHostedZonesCommand({ Marker: token });
      const resource = 'the hosted zones of the account';
      const reply = await this.caller.route53(command, { ...this.options, resource });
      const next = reply.IsTruncated === true ? reply.NextMarker : undefined;
      return { items: reply.HostedZones ?? [], next };
    });
  }

  /** None where the zone was deleted in between. */
  async #recordSets(zone: HostedZone, zones: number): Promise<readonly ResourceRecordSet[]> {
    const HostedZoneId = requiredField(zone.Id, 'HostedZone.Id');
    const resource = `hosted zone ${zone.Name}`;
    try {
      return await collectPages(`record sets of ${resource}`, async (token) => {
        this.#count(zones);
        const command = new ListResourceRecordSetsCommand({ HostedZoneId, ...startAt(token) });
        const reply = await this.caller.route53(command, { ...this.options, resource });
        return pageOf(reply);
      });
    } catch (error) {
      if (isCode(error, 'AWS_NOT_FOUND')) return [];
      throw error;
    }
  }

  #count(zones: number | string): void {
    this.#calls += 1;
    if (this.#calls > dnsCallsMax) throw tooMany(zones);
  }
}

/** The start of the next page as one text, by which pages are told apart: name, type, identifier, none with a line end. */
function pageOf(reply: {
  readonly ResourceRecordSets: ResourceRecordSet[] | undefined;
  readonly IsTruncated: boolean | undefined;
  readonly NextRecordName?: string | undefined;
  readonly NextRecordType?: string | undefined;
  readonly NextRecordIdentifier?: string | undefined;
}): Page<ResourceRecordSet> {
  const items = reply.ResourceRecordSets ?? [];
  const { NextRecordName: name, NextRecordType: type, NextRecordIdentifier: id } = reply;
  if (reply.IsTruncated !== true || name === undefined) return { items, next: undefined };
  return { items, next: [name, type ?? '', id ?? ''].join('\n') };
}

function startAt(token: string | undefined) {
  if (token === undefined) return {};
  const [name, type = '', identifier = ''] = token.split('\n');
  return {
    StartRecordName: name,
    ...(type !== '' && { StartRecordType: type as ResourceRecordSet['Type'] }),
    ...(identifier !== '' && { StartRecordIdentifier: identifier }),
  };
}

function pagesOf({ ResourceRecordSetCount: count = 1 }: HostedZone): number {
  return Math.ceil(count / recordSetsPerPage);
}

function aliasOf(
  zone: HostedZone,
  set: ResourceRecordSet,
  names: ReadonlySet<string>,
): readonly HealthAlias[] {
  const { AliasTarget: target, Type: type } = set;
  if (target?.EvaluateTargetHealth !== true) return [];
  if (type !== 'A' && type !== 'AAAA') return [];
  const loadBalancer = plainName(target.DNSName ?? '');
  if (!names.has(loadBalancer)) return [];
  return [
    {
      record: shownName(set.Name ?? ''),
      type,
      zone: shownName(zone.Name ?? ''),
      isPrivateZone: zone.Config?.PrivateZone === true,
      loadBalancer,
      routing: routingOf(set),
      setIdentifier: set.SetIdentifier ?? null,
    },
  ];
}

function routingOf(set: ResourceRecordSet): AliasRouting {
  if (set.Weight !== undefined) return 'weighted';
  if (set.Failover !== undefined) return 'failover';
  if (set.Region !== undefined) return 'latency';
  return set.SetIdentifier === undefined ? 'simple' : 'other';
}

/** Route 53 writes names in small letters with a dot at the end, and the console puts `dualstack.` before a load balancer's. */
function plainName(dnsName: string): string {
  return dnsName
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^dualstack\./, '');
}

/** As people write it: Route 53 has a leading asterisk as `\052`, and a dot at the end. */
function shownName(name: string): string {
  return name.replace(/\.$/, '').replace(/^\\052\./, '*.');
}

function tooMany(zones: number | string): GennakerError {
  return new GennakerError(
    'INVALID_REQUEST',
    `The account has too many hosted zones and records to look through (${zones} zones; at most ${dnsCallsMax} calls to Route 53).`,
    { details: { hostedZones: zones, callsMax: dnsCallsMax } },
  );
}
