import { readFileSync } from 'node:fs';
import { Connection, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';

/** How to reach Temporal's frontend. */
export interface TemporalSettings {
  /** host:port. */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string | undefined;
  readonly tls: boolean;
  readonly serverCaCertPath?: string | undefined;
  readonly clientCertPath?: string | undefined;
  readonly clientKeyPath?: string | undefined;
  readonly serverName?: string | undefined;
}

/** Repeats of a call that the server says it did nothing of: some three seconds. */
const retriesMax = 4;

const grpcAborted = 10;
const grpcResourceExhausted = 8;

/**
 * A connection that connects at the first call and again within a second after Temporal was away. Calls are repeated by
 * the client only where the server has said that it did nothing; everything else is for the caller to decide.
 */
export function openTemporalConnection(settings: TemporalSettings): Connection {
  const options: ConnectionOptions = {
    address: settings.address,
    ...(settings.apiKey === undefined ? {} : { apiKey: settings.apiKey }),
    tls: tlsOptions(settings),
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.min_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
    },
    interceptors: [
      makeGrpcRetryInterceptor({
        delayFunction: (attempt) => 100 * 2 ** attempt * (0.5 + Math.random() / 2),
        retryableDecider: (attempt, { code }) =>
          attempt <= retriesMax && [grpcAborted, grpcResourceExhausted].includes(code),
      }),
    ],
  };
  return Connection.lazy(options);
}

function tlsOptions(settings: TemporalSettings): NonNullable<ConnectionOptions['tls']> {
  const { serverCaCertPath, clientCertPath, clientKeyPath, serverName } = settings;
  const client =
    clientCertPath === undefined || clientKeyPath === undefined
      ? {}
      : { clientCertPair: { crt: readFileSync(clientCertPath), key: readFileSync(clientKeyPath) } };
  const server = {
    ...(serverCaCertPath === undefined
      ? {}
      : { serverRootCACertificate: readFileSync(serverCaCertPath) }),
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
  };
  const named = { ...client, ...server };
  if (Object.keys(named).length > 0) return named;
  return settings.tls || settings.apiKey !== undefined;
}
