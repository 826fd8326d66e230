import type { TemporalPlace } from '@gennaker/platform';
import { Connection, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';

/** Repeats of a call that the server says it did nothing of: some three seconds. */
const retriesMax = 4;

const grpcAborted = 10;
const grpcResourceExhausted = 8;

/**
 * A connection that connects at the first call and again within a second after Temporal was away. Calls are repeated by
 * the client only where the server has said that it did nothing; everything else is for the caller to decide.
 */
export function openTemporalConnection({ address, apiKey, tls }: TemporalPlace): Connection {
  const options: ConnectionOptions = {
    address,
    tls,
    ...(apiKey === undefined ? {} : { apiKey }),
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
