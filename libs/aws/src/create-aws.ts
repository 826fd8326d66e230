import { GennakerError } from '@gennaker/domain';
import type { AccountConfig } from './account-config.js';
import type { Aws, AwsOptions, AwsRegion } from './aws.js';
import { AwsCaller } from './calling/aws-caller.js';
import { AwsClock } from './calling/aws-clock.js';
import { bindCalls } from './bind-calls.js';
import { ClientPool } from './calling/client-pool.js';
import type { DnsReads } from './dns/dns-calls.js';
import { findHealthAliases } from './dns/read-dns.js';
import { PollingReader } from './looks/polling-reader.js';
import { RateBudget } from './budget/rate-budget.js';

const steadyMs = (): number => performance.now();

/** AWS through the configured accounts. Opens nothing until the first call. */
export function createAws(options: AwsOptions): Aws {
  const pool = new ClientPool(options);
  const regions = new Map<string, { readonly region: AwsRegion; readonly reader: PollingReader }>();
  const dns = new Map<string, DnsReads>();
  const dnsOf = (account: AccountConfig, regionName: string): DnsReads => {
    const where = { account, region: dnsRegionOf(regionName) };
    const key = `${account.name}/${where.region}`;
    const known = dns.get(key) ?? createDns(options, pool, where);
    dns.set(key, known);
    return known;
  };
  return {
    region(accountName, regionName) {
      const key = `${accountName}/${regionName}`;
      const known = regions.get(key);
      if (known !== undefined) return known.region;
      const account = configuredAccount(options.accounts, accountName, regionName);
      const where = { account, region: regionName };
      const made = createRegion(options, pool, { ...where, dns: dnsOf(account, regionName) });
      regions.set(key, made);
      return made.region;
    },
    close() {
      for (const { reader } of regions.values()) reader.close();
      regions.clear();
      dns.clear();
      pool.close();
    },
  };
}

interface Where {
  readonly account: AccountConfig;
  readonly region: string;
}

function createRegion(
  options: AwsOptions,
  pool: ClientPool,
  where: Where & { readonly dns: DnsReads },
): { readonly region: AwsRegion; readonly reader: PollingReader } {
  const shared = callerParts(options, pool, where);
  const { clock } = shared;
  const calls = bindCalls(new AwsCaller({ ...shared, madeBy: 'caller' }));
  const looks = bindCalls(new AwsCaller({ ...shared, madeBy: 'sharedReader' }));
  const now = options.now ?? Date.now;
  const awsNow = (): Date | null => clock.now();
  const { pollSeconds, liveWorkers = oneWorker } = options;
  const reader = new PollingReader({ reads: looks, pollSeconds, now, awsNow, liveWorkers });
  const named = { account: where.account.name, region: where.region };
  const region = { ...calls, ...where.dns, ...named, reader, awsNow };
  return { region, reader };
}

/** Route 53 is one for all regions: its rate is the account's, and so is this budget. */
function createDns(options: AwsOptions, pool: ClientPool, where: Where): DnsReads {
  const caller = new AwsCaller({ ...callerParts(options, pool, where), madeBy: 'caller' });
  return {
    findHealthAliases: (dnsNames, callOptions) => findHealthAliases(caller, dnsNames, callOptions),
  };
}

const oneWorker = (): number => 1;

function callerParts(options: AwsOptions, pool: ClientPool, where: Where) {
  return {
    account: where.account,
    region: where.region,
    pool,
    clock: new AwsClock(steadyMs),
    steadyMs,
    budget: new RateBudget({ nowMs: steadyMs, liveWorkers: options.liveWorkers ?? oneWorker }),
    logger: options.logger,
    counter: options.counter,
  };
}

/** The region whose signature Route 53 takes, by the partition (AWS General Reference, Route 53 endpoints). */
function dnsRegionOf(region: string): string {
  if (region.startsWith('cn-')) return 'cn-northwest-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

function configuredAccount(
  accounts: readonly AccountConfig[],
  name: string,
  region: string,
): AccountConfig {
  const account = accounts.find((one) => one.name === name);
  if (account === undefined) {
    const names = accounts.map((one) => one.name).toSorted();
    throw new GennakerError(
      'ACCOUNT_NOT_FOUND',
      `There is no AWS account ${name}. Configured: ${names.join(', ') || 'none'}.`,
      { details: { account: name, configured: names } },
    );
  }
  if (!account.regions.includes(region)) {
    throw new GennakerError(
      'ACCOUNT_NOT_FOUND',
      `AWS account ${name} is not configured for region ${region}. Configured: ${account.regions.join(', ')}.`,
      { details: { account: name, region, configured: account.regions } },
    );
  }
  return account;
}
