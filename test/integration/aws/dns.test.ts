import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
  type AliasTarget,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { denied, startBench, type AwsBench } from './aws-bench.js';
import type { CallOptions } from '@gennaker/aws';

const asScreen: CallOptions = { priority: 'screen' };

let bench: AwsBench;
let route53: Route53Client;
let dnsName: string;

beforeEach(async () => {
  bench = await startBench({}, { adversarial: { pageSize: 2 } });
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'unused' };
  route53 = new Route53Client({ endpoint: bench.url, region: 'us-east-1', credentials });
  const { LoadBalancers } = await bench.bare.elb.send(new DescribeLoadBalancersCommand({}));
  dnsName = LoadBalancers?.[0]?.DNSName ?? '';
});

afterEach(async () => {
  route53.destroy();
  await bench.close();
});

async function zone(name: string, ...sets: readonly ResourceRecordSet[]): Promise<void> {
  const made = await route53.send(
    new CreateHostedZoneCommand({ Name: name, CallerReference: name }),
  );
  if (sets.length === 0) return;
  await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: made.HostedZone?.Id,
      ChangeBatch: {
        Changes: sets.map((set) => ({ Action: 'CREATE', ResourceRecordSet: set })),
      },
    }),
  );
}

function aliasTo(DNSName: string, changes: Partial<AliasTarget> = {}): AliasTarget {
  return { DNSName, HostedZoneId: 'Z32O12XQLNTSW2', EvaluateTargetHealth: true, ...changes };
}

const find = (options: CallOptions = asScreen) =>
  bench.region.findHealthAliases([dnsName], options);

test('finds the aliases of a load balancer that evaluate its health, in every zone and however they are written', async () => {
  const weighted = { SetIdentifier: 'blue', Weight: 10 };
  await zone(
    'example.com',
    { Name: 'example.com', Type: 'A', AliasTarget: aliasTo(dnsName) },
    {
      Name: '*.example.com',
      Type: 'AAAA',
      ...weighted,
      AliasTarget: aliasTo(`dualstack.${dnsName.toUpperCase()}.`),
    },
    {
      Name: 'calm.example.com',
      Type: 'A',
      AliasTarget: aliasTo(dnsName, { EvaluateTargetHealth: false }),
    },
    { Name: 'b.example.com', Type: 'A', AliasTarget: aliasTo(`other-${dnsName}`) },
    { Name: 'c.example.com', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] },
  );
  await zone('bare.example');
  await zone('example.org', {
    Name: 'www.example.org',
    Type: 'A',
    SetIdentifier: 'one',
    Failover: 'PRIMARY',
    AliasTarget: aliasTo(dnsName),
  });
  const { hostedZones, aliases } = await find();
  expect(hostedZones).toBe(3);
  expect(
    aliases
      .map((one) => [one.record, one.zone, one.type, one.routing, one.setIdentifier].join(' '))
      .toSorted(),
  ).toEqual([
    '*.example.com example.com AAAA weighted blue',
    'example.com example.com A simple ',
    'www.example.org example.org A failover one',
  ]);
  expect(new Set(aliases.map((one) => one.loadBalancer))).toEqual(new Set([dnsName.toLowerCase()]));
});

test('lists no zone that has nothing but its name servers', async () => {
  await zone('bare.example');
  await bench.calls(/./);
  expect(await find()).toEqual({ hostedZones: 1, aliases: [] });
  const calls = await bench.calls(/./);
  expect(calls.map(({ action, region }) => [action, region])).toEqual([
    ['ListHostedZones', 'us-east-1'],
  ]);
});

test('gives up before the calls that too many records take', async () => {
  const records = Array.from({ length: 61 }, (_, index): ResourceRecordSet => ({
    Name: `n${index}.example.com`,
    Type: 'A',
    TTL: 60,
    ResourceRecords: [{ Value: '192.0.2.1' }],
  }));
  await zone('example.com', ...records);
  const signal = AbortSignal.timeout(20_000);
  await expect(find({ ...asScreen, signal })).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    message: expect.stringContaining('at most 30 calls to Route 53') as unknown,
  });
  expect(await bench.calls(/^ListResourceRecordSets$/)).toHaveLength(29);
}, 30_000);

test('tells a denial with the permission, and a zone that is gone meanwhile is no fault', async () => {
  await zone('example.com', {
    Name: 'example.com',
    Type: 'A',
    AliasTarget: aliasTo(dnsName),
  });
  const gone = {
    kind: 'error',
    code: 'NoSuchHostedZone',
    status: 404,
    message: 'No hosted zone found with ID: Z1',
  };
  await bench.fault({ match: { action: 'ListResourceRecordSets' }, effect: gone, times: 1 });
  expect(await find()).toEqual({ hostedZones: 1, aliases: [] });
  await bench.fault({ match: { action: 'ListHostedZones' }, effect: denied });
  await expect(find()).rejects.toMatchObject({
    code: 'AWS_DENIED',
    message: expect.stringContaining('route53:ListHostedZones') as unknown,
  });
});

test('gives up after ten seconds where Route 53 does not answer', async () => {
  await bench.fault({ match: { action: 'ListHostedZones' }, effect: { kind: 'hold' } });
  await expect(find()).rejects.toMatchObject({
    code: 'AWS_UNAVAILABLE',
    message: expect.stringContaining('could not be read within 10 s') as unknown,
  });
}, 30_000);
