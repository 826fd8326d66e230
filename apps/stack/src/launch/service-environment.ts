import { definedVariables } from '../config/environment.js';
import type { Environment } from '../config/environment.js';
import type { StackSettings } from '../config/stack-settings.js';
import { LOOPBACK } from '../net/ports.js';

/** The account and region that the stand-in is seeded with. */
const DEMO_ACCOUNT = {
  name: 'demo',
  accountId: '000000000000',
  regions: ['eu-west-1'],
} as const;

const STAND_IN_POLL_SECONDS = '1';

/** Where the services are that API and worker use. */
export interface ServiceAddresses {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** Undefined: AWS is whatever the caller has configured. */
  readonly standInUrl: string | undefined;
}

/**
 * The environment of API and worker: the caller's own, with the addresses of what we run. Where the
 * stand-in takes AWS's place no AWS_… variable of the caller gets through, and where we run Temporal
 * no TEMPORAL_… variable: neither real credentials nor foreign addresses reach our own services.
 */
export function serviceEnvironment(
  settings: StackSettings,
  addresses: ServiceAddresses,
): Record<string, string> {
  const { ports, env } = settings;
  const hidden = [
    ...(addresses.standInUrl === undefined ? [] : ['AWS_']),
    ...(settings.temporalAddress === undefined ? ['TEMPORAL_'] : []),
  ];
  return {
    ...withoutPrefixes(env, hidden),
    DATABASE_URL: addresses.databaseUrl,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    TEMPORAL_NAMESPACE: settings.temporalNamespace,
    GENNAKER_API_HOST: env['GENNAKER_API_HOST'] ?? LOOPBACK,
    GENNAKER_API_PORT: String(ports.api),
    GENNAKER_WORKER_PORT: String(ports.worker),
    ...(addresses.standInUrl === undefined ? {} : awsStandIn(env, addresses.standInUrl)),
  };
}

/** The environment of the seed, which speaks to the stand-in through the ordinary SDK. */
export function seedEnvironment(
  settings: StackSettings,
  standInUrl: string,
): Record<string, string> {
  return {
    ...withoutPrefixes(settings.env, ['AWS_']),
    ...awsStandIn(settings.env, standInUrl),
  };
}

function awsStandIn(env: Environment, standInUrl: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: standInUrl,
    AWS_ACCESS_KEY_ID: DEMO_ACCOUNT.accountId,
    AWS_SECRET_ACCESS_KEY: 'stand-in',
    AWS_REGION: DEMO_ACCOUNT.regions[0],
    GENNAKER_ACCOUNTS: env['GENNAKER_ACCOUNTS'] ?? JSON.stringify([DEMO_ACCOUNT]),
    GENNAKER_AWS_POLL_SECONDS: env['GENNAKER_AWS_POLL_SECONDS'] ?? STAND_IN_POLL_SECONDS,
  };
}

function withoutPrefixes(env: Environment, prefixes: readonly string[]): Record<string, string> {
  const kept = Object.entries(definedVariables(env)).filter(
    ([name]) => !prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return Object.fromEntries(kept);
}
