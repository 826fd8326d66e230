import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { accountOf } from '../sts/sessions.js';
import { AwsError } from '../wire/aws-error.js';
import { parseForm } from '../wire/query-reader.js';
import { isServiceName } from '../wire/sdk-model.js';
import { writeError } from '../wire/xml-writer.js';
import { answer, type AwsReply } from './aws-reply.js';
import { CallInProgress, type Received } from './call-in-progress.js';
import { notThere } from './not-there.js';
import { readIdentity } from './request-identity.js';
import type { Simulation } from './simulation.js';

/** Answers one AWS call: who, what, which faults strike, the effect, the reply, the ledger. */
export async function answerAwsCall(
  simulation: Simulation,
  headers: IncomingHttpHeaders,
  body: string,
): Promise<AwsReply> {
  simulation.world.catchUp();
  const requestId = randomUUID();
  let received: Received;
  try {
    received = receive(simulation, { headers, body, requestId });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return answer(simulation, {
      status: error.status,
      body: writeError('ec2', error, requestId),
      requestId,
    });
  }
  return new CallInProgress(simulation, received, headers).run();
}

function receive(
  simulation: Simulation,
  request: { headers: IncomingHttpHeaders; body: string; requestId: string },
): Received {
  const identity = readIdentity(request.headers);
  if (!isServiceName(identity.service))
    throw notThere(
      `The API for service '${identity.service}' is not yet implemented or pro feature`,
    );
  const parameters = parseForm(request.body);
  const action = parameters.get('Action');
  if (action === undefined)
    throw new AwsError('MissingAction', 'The request must contain the parameter Action');
  return {
    service: identity.service,
    action,
    identity,
    account: accountOf(simulation.world.sessions, identity.accessKeyId),
    parameters,
    requestId: request.requestId,
  };
}
