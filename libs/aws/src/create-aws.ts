import { GennakerError } from '@gennaker/domain';
import type { AccountConfig } from './account-config.js';
import type { Aws, AwsOptions, AwsRegion } from './aws.js';
import { AwsCaller } from './calling/aws-caller.js';
import { AwsClock } from './calling/aws-clock.js';
import { bindCalls } from './bind-calls.js';
import { ClientPool } from './calling/client-pool.js';
import { PollingReader } from './looks/polling-reader.js';
import { RateBudget } from './budget/rate-budget.js';

const steadyMs = (): number => performance.now();

/** AWS through the configured accounts. Opens nothing until the first call. */
export function createAws(options: AwsOptions): Aws {
  const pool = new ClientPool(options);
  const regions = new Map<string, { readonly region: AwsRegion; readonly reader: PollingReader }>();
  return {
    region(accountName, regionName) {
      const key = `${accountName}/${regionName}`;
      const known = regions.get(key);
      if (known !== undefined) return known.region;
      const account = configuredAccount(options.accounts, accountName, regionName);
      const made = createRegion(options, pool, { account, region: regionName });
      regions.set(key, made);
      return made.region;
    },
    close() {
      for (const { reader } of regions.values()) reader.close();
      regions.clear();
      pool.close();
    },
  };
}

function createRegion(
  options: AwsOptions,
  pool: ClientPool,
  where: { readonly account: AccountConfig; readonly region: string },
): { readonly region: AwsRegion; readonly reader: PollingReader } {
  const clock = new AwsClock(steadyMs);
  const liveWorkers = options.liveWorkers ?? (() => 1);
  const shared = {
    ...where,
    pool,
    clock,
    steadyMs,
    budget: new RateBudget({ nowMs: steadyMs, liveWorkers }),
    logger: options.logger,
    counter: options.counter,
  };
  const calls = bindCalls(new AwsCaller({ ...shared, madeBy: 'caller' }));
  const looks = bindCalls(new AwsCaller({ ...shared, madeBy: 'sharedReader' }));
  const now = options.now ?? Date.now;
  const awsNow = (): Date | null => clock.now();
  const { pollSeconds } = options;
  const reader = new PollingReader({ reads: looks, pollSeconds, now, awsNow });
  const region = { ...calls, account: where.account.name, region: where.region, reader, awsNow };
  return { region, reader };
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
