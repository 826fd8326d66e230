import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { accountOf } from '../sts/sessions.js';
import { AwsError } from '../wire/aws-error.js';
import { parseForm } from '../wire/query-reader.js';
import { restWording } from '../wire/rest-xml.js';
import { isServiceName, JSON_TARGETS, SERVICES, type ServiceName } from '../wire/sdk-model.js';
import { jsonFormat, queryFormat, type WireFormat } from '../wire/wire-format.js';
import { answer, type AwsReply } from './aws-reply.js';
import { CallInProgress, type Received } from './call-in-progress.js';
import { notThere } from '../wire/not-there.js';
import { readIdentity } from './request-identity.js';
import type { Simulation } from './simulation.js';

/** Answers one AWS call: who, what, which faults strike, the effect, the reply, the ledger. */
export async function answerAwsCall(
  simulation: Simulation,
  request: HttpRequest,
): Promise<AwsReply> {
  simulation.world.catchUp();
  const requestId = randomUUID();
  let received: Received;
  try {
    received = receive(simulation, { ...request, requestId });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const written = queryFormat('ec2', new Map(), requestId).writeError(error);
    return answer(simulation, { status: error.status, ...written, requestId });
  }
  return new CallInProgress(simulation, received, request.headers).run();
}

/** What came in over HTTP. */
export interface HttpRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Request extends HttpRequest {
  readonly requestId: string;
}

function receive(simulation: Simulation, request: Request): Received {
  const identity = readIdentity(request.headers);
  if (!isServiceName(identity.service))
    throw notThere(
      `The API for service '${identity.service}' is not yet implemented or pro feature`,
    );
  const { service } = identity;
  return {
    service,
    ...wordingOf(service, request),
    identity,
    account: accountOf(simulation.world.sessions, identity.accessKeyId),
    requestId: request.requestId,
  };
}

/** A call names its action by method and path (REST), in the target header (JSON) or in the form (query). */
function wordingOf(
  service: ServiceName,
  request: Request,
): { readonly action: string; readonly wire: WireFormat } {
  if (SERVICES[service].dialect === 'rest') return restWording(service, request);
  const { headers, body, requestId } = request;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [prefix = '', action = ''] = target.split('.');
    if (JSON_TARGETS[prefix] !== service)
      throw new AwsError('UnknownOperationException', `Unknown target ${target}`);
    const type = headers['content-type'] ?? 'application/x-amz-json-1.1';
    const queryMode = headers['x-amzn-query-mode'] === 'true';
    return { action, wire: jsonFormat(service, { body, type, queryMode }) };
  }
  const parameters = parseForm(body);
  const action = parameters.get('Action');
  if (action === undefined)
    throw new AwsError('MissingAction', 'The request must contain the parameter Action');
  return { action, wire: queryFormat(service, parameters, requestId) };
}
