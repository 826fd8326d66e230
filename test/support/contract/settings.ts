import path from 'node:path';

/** What decides, beside the command line, where the contract suite runs. */
export interface ContractSettings {
  /** What is missing there is a failure, not a skip. */
  readonly isCi: boolean;
  /** This user's cache folder for programs that are got once. */
  readonly cacheFolder: string;
  /** What a program that we start needs to know of this machine: the search path, proxies, certificates. */
  readonly hostEnvironment: Readonly<Record<string, string>>;
  readonly localstackToken: string | undefined;
  /** Where LocalStack answers; another AWS_ENDPOINT_URL switches. */
  readonly localstackUrl: string;
  /** `yes`: AWS itself is asked, with the credentials of the environment. */
  readonly isAwsAllowed: boolean;
  /** `yes`: it may launch instances and load balancers there, which cost money. */
  readonly isAwsPayingAllowed: boolean;
  readonly awsRegion: string;
}

const LOCALSTACK_URL = 'http://127.0.0.1:4566';

/** Reads LOCALSTACK_AUTH_TOKEN, AWS_ENDPOINT_URL, GENNAKER_CONTRACT_AWS, GENNAKER_CONTRACT_AWS_PAYS and AWS_REGION. */
export function contractSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ContractSettings {
  return {
    isCi: env['CI'] === 'true',
    cacheFolder: cacheFolder(env),
    hostEnvironment: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) =>
        value === undefined || name.startsWith('AWS_') || name.startsWith('MOTO_')
          ? []
          : [[name, value]],
      ),
    ),
    localstackToken: env['LOCALSTACK_AUTH_TOKEN'] || undefined,
    localstackUrl: env['AWS_ENDPOINT_URL'] || LOCALSTACK_URL,
    isAwsAllowed: env['GENNAKER_CONTRACT_AWS'] === 'yes',
    isAwsPayingAllowed: env['GENNAKER_CONTRACT_AWS_PAYS'] === 'yes',
    awsRegion: env['AWS_REGION'] || 'eu-west-1',
  };
}

/** XDG_CACHE_HOME, else the custom of the system; a relative path is to be ignored (XDG base directory specification). */
function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const custom = process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];
  const xdg = env['XDG_CACHE_HOME'] ?? '';
  const cache = path.isAbsolute(xdg) ? xdg : path.join(env['HOME'] ?? '/', ...custom);
  return path.join(cache, 'gennaker');
}
