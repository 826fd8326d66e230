import { randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.js';
import { readJsonInput } from '../wire/json-wire.js';
import { findOperation, isServiceName } from '../wire/sdk-model.js';
import { KIND, Reading } from '../world/reading.js';
import type { FaultEffect, FaultSubject } from './faults.js';
import { OPERATIONS } from './operations.js';
import { resourcesOf } from './resources.js';
import type { Simulation } from './simulation.js';

type Change = Extract<FaultEffect, { readonly kind: 'operation' }>;

/**
 * Somebody else changes something, in the account and region of the call that gives occasion to it. A text `$Member`
 * in the input stands for that member of the call. The change is in the ledger; one that is refused changes nothing.
 */
export function performForeignChange(
  simulation: Simulation,
  change: Change,
  occasion: {
    readonly faultId: string;
    readonly call: FaultSubject;
    readonly input: Readonly<Record<string, unknown>>;
  },
): void {
  const { world, ledger } = simulation;
  const { call, faultId } = occasion;
  const n = ledger.nextNumber();
  const requestId = randomUUID();
  const input = withMembers(change.input, occasion.input);
  const error = attempt(simulation, change, { call, input, n, requestId });
  ledger.add({
    n,
    time: new Date(world.now()).toISOString(),
    service: change.service,
    action: change.action,
    account: call.account,
    region: call.region,
    resources: resourcesOf(input),
    input,
    invocationId: undefined,
    attempt: 1,
    requestId,
    executed: error === undefined,
    status: error?.status ?? 200,
    errorCode: error?.code,
    faultIds: [faultId],
  });
}

function attempt(
  simulation: Simulation,
  change: Change,
  how: {
    readonly call: FaultSubject;
    readonly input: Readonly<Record<string, unknown>>;
    readonly n: number;
    readonly requestId: string;
  },
): AwsError | undefined {
  const { world } = simulation;
  const { service, action } = change;
  const handler = isServiceName(service) ? OPERATIONS[service][action] : undefined;
  const operation = isServiceName(service) ? findOperation(service, action) : undefined;
  if (handler === undefined || operation === undefined)
    return new AwsError('InvalidAction', `There is no operation ${action} of ${service}`);
  try {
    const input = readJsonInput(JSON.stringify(how.input), operation.input);
    const reading = new Reading(KIND, { seed: world.seed, number: how.n, now: world.now() });
    const scope = world.scope(how.call.account, how.call.region);
    const call = { scope, reading, accessKeyId: how.call.account, requestId: how.requestId };
    world.attempt(() => handler(call, input as never));
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function withMembers(
  template: Readonly<Record<string, unknown>>,
  members: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const filled: unknown = JSON.parse(JSON.stringify(template), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('$') ? (members[value.slice(1)] ?? value) : value,
  );
  return filled as Readonly<Record<string, unknown>>;
}
