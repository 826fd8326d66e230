import assert from 'node:assert/strict';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type Change,
  type HostedZone,
  type ListResourceRecordSetsRequest,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { required } from '../ground/network.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/Route53/latest/APIReference';
const CHANGE = `${API}/API_ChangeResourceRecordSets.html`;
const LIST = `${API}/API_ListResourceRecordSets.html`;

interface Zone {
  readonly id: string;
  /** With the dot at its end. */
  readonly name: string;
}

async function hostedZone(stage: Stage, base = 'zone'): Promise<Zone> {
  const name = `${stage.name(base)}.example.`;
  const { HostedZone: made } = await stage.route53.send(
    new CreateHostedZoneCommand({ Name: name, CallerReference: stage.name(base) }),
  );
  const id = required(made?.Id, 'the id of the hosted zone');
  stage.atEnd(async () => stage.route53.send(new DeleteHostedZoneCommand({ Id: id })));
  return { id, name };
}

async function change(stage: Stage, zone: Zone, ...changes: Change[]): Promise<unknown> {
  return stage.route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone.id,
      ChangeBatch: { Changes: changes },
    }),
  );
}

/** Made, and taken away at the end. */
async function created(stage: Stage, zone: Zone, set: ResourceRecordSet): Promise<void> {
  await change(stage, zone, { Action: 'CREATE', ResourceRecordSet: set });
  stage.atEnd(async () => change(stage, zone, { Action: 'DELETE', ResourceRecordSet: set }));
}

async function recordSets(
  stage: Stage,
  zone: Zone,
  input: Partial<ListResourceRecordSetsRequest> = {},
) {
  return stage.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, ...input }));
}

/** Every hosted zone, page by page, of one item each. */
async function allZones(stage: Stage): Promise<readonly HostedZone[]> {
  const zones: HostedZone[] = [];
  let marker: string | undefined;
  do {
    const page = await stage.route53.send(
      new ListHostedZonesCommand({ Marker: marker, MaxItems: 1 }),
    );
    zones.push(...(page.HostedZones ?? []));
    marker = page.IsTruncated === true ? page.NextMarker : undefined;
  } while (marker !== undefined);
  return zones;
}

function address(name: string, value = '192.0.2.1'): ResourceRecordSet {
  return { Name: name, Type: 'A', TTL: 60, ResourceRecords: [{ Value: value }] };
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'zone-is-made-with-its-name-servers',
    title: 'A hosted zone is there with the record sets of its name servers and its authority',
    page: `${API}/API_CreateHostedZone.html`,
    run: async (stage) => {
      const zone = await hostedZone(stage);
      const found = (await allZones(stage)).find(({ Id }) => Id === zone.id);
      assert.equal(found?.Name, zone.name);
      assert.equal(found?.Config?.PrivateZone, false);
      const { ResourceRecordSets: sets = [] } = await recordSets(stage, zone);
      assert.deepEqual(sets.map(({ Type }) => String(Type)).toSorted(), ['NS', 'SOA']);
    },
  },
  {
    name: 'zones-are-paged',
    title: 'Hosted zones come in pages, each zone once',
    page: `${API}/API_ListHostedZones.html`,
    run: async (stage) => {
      const made = [await hostedZone(stage), await hostedZone(stage, 'other')];
      const ids = (await allZones(stage)).map(({ Id }) => Id);
      assert.deepEqual(
        made.map(({ id }) => ids.filter((one) => one === id).length),
        [1, 1],
      );
    },
  },
  {
    name: 'reference-is-used-once',
    title: 'A caller reference makes one hosted zone only',
    page: `${API}/API_CreateHostedZone.html`,
    run: async (stage) => {
      const { name } = await hostedZone(stage);
      const again = new CreateHostedZoneCommand({
        Name: name,
        CallerReference: stage.name('zone'),
      });
      await refused(stage.route53.send(again), { code: 'HostedZoneAlreadyExists', status: 409 });
    },
  },
  {
    name: 'alias-keeps-its-target',
    title: 'An alias record comes back with its target, in small letters and with a dot at its end',
    page: LIST,
    run: async (stage) => {
      const zone = await hostedZone(stage);
      await created(stage, zone, address(`blue.${zone.name}`));
      await created(stage, zone, {
        Name: `www.${zone.name}`,
        Type: 'A',
        SetIdentifier: 'blue',
        Weight: 10,
        AliasTarget: {
          HostedZoneId: zone.id.replace('/hostedzone/', ''),
          DNSName: `blue.${zone.name}`,
          EvaluateTargetHealth: true,
        },
      });
      const { ResourceRecordSets: sets = [] } = await recordSets(stage, zone);
      const found = sets.find(({ Name }) => Name === `www.${zone.name}`);
      assert.equal(found?.AliasTarget?.DNSName, `blue.${zone.name}`);
      assert.equal(found?.AliasTarget?.EvaluateTargetHealth, true);
      assert.equal(found?.SetIdentifier, 'blue');
      assert.equal(found?.Weight, 10);
    },
  },
  {
    name: 'records-are-in-order-and-paged',
    title: 'Record sets come by name from the last label on, and a page says where the next begins',
    page: LIST,
    run: async (stage) => {
      const zone = await hostedZone(stage);
      for (const label of ['b', 'a.c', 'a']) {
        await created(stage, zone, address(`${label}.${zone.name}`));
      }
      const names = ['a', 'b', 'a.c'].map((label) => `${label}.${zone.name}`);
      const first = await recordSets(stage, zone, {
        StartRecordName: names[0] ?? '',
        MaxItems: 2,
      });
      assert.deepEqual(
        first.ResourceRecordSets?.map(({ Name }) => Name),
        names.slice(0, 2),
      );
      assert.equal(first.IsTruncated, true);
      assert.equal(first.NextRecordName, names[2]);
      assert.equal(first.NextRecordType, 'A');
      const next = await recordSets(stage, zone, {
        StartRecordName: names[2] ?? '',
        StartRecordType: 'A',
      });
      assert.deepEqual(
        next.ResourceRecordSets?.map(({ Name }) => Name),
        names.slice(2),
      );
      assert.equal(next.IsTruncated, false);
    },
  },
  {
    name: 'batch-is-one-change',
    title: 'A batch of changes happens as a whole or not at all',
    page: CHANGE,
    run: async (stage) => {
      const zone = await hostedZone(stage);
      const old = address(`old.${zone.name}`);
      await created(stage, zone, old);
      const both = change(
        stage,
        zone,
        { Action: 'CREATE', ResourceRecordSet: address(`new.${zone.name}`) },
        { Action: 'CREATE', ResourceRecordSet: old },
      );
      await refused(both, { code: 'InvalidChangeBatch', says: /already exists/ });
      const { ResourceRecordSets: sets = [] } = await recordSets(stage, zone);
      assert.equal(sets.filter(({ Type }) => Type === 'A').length, 1);
    },
  },
  {
    name: 'deletes-only-what-it-names-in-full',
    title: 'A record set is deleted only by who gives its values as they are',
    page: CHANGE,
    run: async (stage) => {
      const zone = await hostedZone(stage);
      await created(stage, zone, address(`a.${zone.name}`));
      const other = { Action: 'DELETE', ResourceRecordSet: address(`a.${zone.name}`, '192.0.2.2') };
      await refused(change(stage, zone, other as Change), {
        code: 'InvalidChangeBatch',
        says: /do not match/,
      });
    },
  },
  ...refusals([
    {
      name: 'refuses-unknown-zone',
      title: 'Record sets of a hosted zone that is not there are refused',
      page: LIST,
      code: 'NoSuchHostedZone',
      status: 404,
      call: async (stage) => recordSets(stage, { id: 'Z00000000000000000000', name: '' }),
    },
    {
      name: 'refuses-name-outside-the-zone',
      title: 'A record set of another domain is refused',
      page: CHANGE,
      code: 'InvalidChangeBatch',
      says: /not permitted in zone/,
      call: async (stage) => {
        const zone = await hostedZone(stage);
        const ResourceRecordSet = address('www.elsewhere.example.');
        return change(stage, zone, { Action: 'CREATE', ResourceRecordSet });
      },
    },
    {
      name: 'refuses-record-without-value',
      title: 'A record set that is neither an alias nor has values is refused',
      page: CHANGE,
      code: 'InvalidInput',
      call: async (stage) => {
        const zone = await hostedZone(stage);
        const ResourceRecordSet: ResourceRecordSet = { Name: `a.${zone.name}`, Type: 'A' };
        return change(stage, zone, { Action: 'CREATE', ResourceRecordSet });
      },
    },
    {
      name: 'refuses-two-routing-policies',
      title: 'A simple record set beside a weighted one of the same name and type is refused',
      page: CHANGE,
      code: 'InvalidChangeBatch',
      call: async (stage) => {
        const zone = await hostedZone(stage);
        const simple = address(`a.${zone.name}`);
        await created(stage, zone, { ...simple, Weight: 1, SetIdentifier: 'one' });
        return change(stage, zone, { Action: 'CREATE', ResourceRecordSet: simple });
      },
    },
    {
      name: 'refuses-to-delete-a-full-zone',
      title: 'A hosted zone that has records of its own is not deleted',
      page: `${API}/API_DeleteHostedZone.html`,
      code: 'HostedZoneNotEmpty',
      call: async (stage) => {
        const zone = await hostedZone(stage);
        await created(stage, zone, address(`a.${zone.name}`));
        return stage.route53.send(new DeleteHostedZoneCommand({ Id: zone.id }));
      },
    },
  ]),
];

export const dnsScenarios = topic(
  { name: 'dns', service: 'route53', documentation: LIST },
  behaviours,
);
