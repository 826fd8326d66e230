import { isGrpcServiceError, type Client } from '@temporalio/client';

/** Temporal does not know the activity any more: it timed out, was answered, or its workflow has closed. */
export class ActivityGoneError extends Error {}

/** gRPC status NOT_FOUND. */
const grpcNotFound = 5;

/**
 * Sends one heartbeat and waits for Temporal's acknowledgement, at most `timeoutMs`. Throws ActivityGoneError when
 * Temporal does not know the activity, anything else when the outcome is unknown.
 */
export type LeaseHeartbeat = (
  taskToken: Uint8Array,
  timeoutMs: number,
) => Promise<{ readonly cancelRequested: boolean }>;

/** Heartbeats by RecordActivityTaskHeartbeat: unlike the SDK's own, their acknowledgement can be awaited. */
export function createLeaseHeartbeat(client: Client): LeaseHeartbeat {
  const { connection, workflowService } = client;
  const { namespace, identity } = client.options;
  return async (taskToken, timeoutMs) => {
    try {
      const reply = await connection.withDeadline(Date.now() + timeoutMs, () =>
        workflowService.recordActivityTaskHeartbeat({ taskToken, namespace, identity }),
      );
      return { cancelRequested: reply.cancelRequested };
    } catch (error) {
      const code: number | null = isGrpcServiceError(error) ? error.code : null;
      if (code === grpcNotFound) {
        throw new ActivityGoneError('Temporal does not know the activity', { cause: error });
      }
      throw error;
    }
  };
}
