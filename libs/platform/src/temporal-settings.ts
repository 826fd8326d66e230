import { readFileSync } from 'node:fs';

import { z } from 'zod';

const path = z.string().min(1).optional();

/** The variables that say how to reach Temporal, for the schema of each process that does. */
export const temporalVariables = {
  TEMPORAL_ADDRESS: z.string().min(1).describe('host:port of the Temporal frontend'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('must exist'),
  TEMPORAL_API_KEY: z.string().min(1).optional().describe('Temporal Cloud API key; turns TLS on'),
  TEMPORAL_TLS: z
    .enum(['true', 'false'])
    .default('false')
    .describe('TLS with the certificates that the machine trusts'),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: path.describe(
    'PEM file of the authority of the server certificate; turns TLS on',
  ),
  TEMPORAL_TLS_CLIENT_CERT_PATH: path.describe(
    'PEM file of our certificate, with its key: mutual TLS',
  ),
  TEMPORAL_TLS_CLIENT_KEY_PATH: path.describe('PEM file of the key of our certificate'),
  TEMPORAL_TLS_SERVER_NAME: path.describe(
    'the name in the server certificate, where it is not that of the address',
  ),
};

/** {@link temporalVariables} as parsed. */
type TemporalSettings = Readonly<z.output<z.ZodObject<typeof temporalVariables>>>;

/** A rule about several of the variables: what is wrong, or null. */
export function temporalSettingsFault(settings: TemporalSettings): string | null {
  const { TEMPORAL_TLS_CLIENT_CERT_PATH: cert, TEMPORAL_TLS_CLIENT_KEY_PATH: key } = settings;
  if ((cert === undefined) === (key === undefined)) return null;
  return 'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH must be given together';
}

/** Where Temporal is, in the words of its clients, native and not; and the namespace. */
export interface TemporalPlace {
  readonly namespace: string;
  readonly address: string;
  readonly apiKey?: string;
  readonly tls: boolean | TemporalCertificates;
}

interface TemporalCertificates {
  readonly serverNameOverride?: string;
  readonly serverRootCACertificate?: Buffer;
  readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
}

/** Reads the certificates; throws what reading a file throws. */
export function temporalPlace(settings: TemporalSettings): TemporalPlace {
  const apiKey = settings.TEMPORAL_API_KEY;
  const named = certificates(settings);
  const tls = settings.TEMPORAL_TLS === 'true' || apiKey !== undefined;
  return {
    namespace: settings.TEMPORAL_NAMESPACE,
    address: settings.TEMPORAL_ADDRESS,
    ...(apiKey === undefined ? {} : { apiKey }),
    tls: Object.keys(named).length > 0 ? named : tls,
  };
}

function certificates(settings: TemporalSettings): TemporalCertificates {
  const authority = settings.TEMPORAL_TLS_SERVER_CA_CERT_PATH;
  const cert = settings.TEMPORAL_TLS_CLIENT_CERT_PATH;
  const key = settings.TEMPORAL_TLS_CLIENT_KEY_PATH;
  const serverName = settings.TEMPORAL_TLS_SERVER_NAME;
  return {
    ...(authority === undefined ? {} : { serverRootCACertificate: readFileSync(authority) }),
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
    ...(cert === undefined || key === undefined
      ? {}
      : { clientCertPair: { crt: readFileSync(cert), key: readFileSync(key) } }),
  };
}
