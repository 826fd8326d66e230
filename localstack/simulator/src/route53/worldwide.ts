import { AwsError } from '../wire/aws-error.js';
import type { Handler, Handlers } from '../world/call.js';

/** Route 53 has one endpoint for all of a partition, and takes signatures for that region only. */
const REGION = 'us-east-1';

/** Refuses a call that is signed for another region. https://docs.aws.amazon.com/general/latest/gr/r53.html */
export function worldwide(handlers: Handlers): Handlers {
  return Object.fromEntries(
    Object.entries(handlers).map(([action, handler]): [string, Handler] => [
      action,
      (call, input) => {
        if (call.scope.region !== REGION) {
          throw new AwsError(
            'SignatureDoesNotMatch',
            `Credential should be scoped to a valid region, not '${call.scope.region}'.`,
            403,
          );
        }
        return handler(call, input);
      },
    ]),
  );
}
