import { randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.js';
import { readJsonInput } from '../wire/json-wire.js';
import { findOperation, isServiceName } from '../wire/sdk-model.js';
import type { Operation } from '../wire/shape.js';
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
  const { service, action } = change;
  const { call, faultId } = occasion;
  const input = withMembers(change.input, occasion.input);
  const read = (operation: Operation) => readJsonInput(JSON.stringify(input), operation.input);
  perform(simulation, { service, action, call, faultId, input, read });
}

/** The very call once more, as when it arrives twice; its answer is in the ledger alone. */
export function performAgain(
  simulation: Simulation,
  occasion: {
    readonly faultId: string;
    readonly call: FaultSubject;
    readonly input: Readonly<Record<string, unknown>>;
  },
): void {
  const { call, faultId, input } = occasion;
  const { service, action } = call;
  perform(simulation, { service, action, call, faultId, input, read: () => input });
}

interface Performance {
  readonly service: string;
  readonly action: string;
  readonly call: FaultSubject;
  readonly faultId: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The input in the form that operations take. */
  readonly read: (operation: Operation) => object;
}

function perform(simulation: Simulation, performance: Performance): void {
  const { world, ledger } = simulation;
  const { service, action, call, faultId, input } = performance;
  const n = ledger.nextNumber();
  const requestId = randomUUID();
  const error = attempt(simulation, performance, { n, requestId });
  ledger.add({
    n,
    time: new Date(world.now()).toISOString(),
    service,
    action,
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
  { service, action, call: of, read }: Performance,
  how: { readonly n: number; readonly requestId: string },
): AwsError | undefined {
  const { world } = simulation;
  const handler = isServiceName(service) ? OPERATIONS[service][action] : undefined;
  const operation = isServiceName(service) ? findOperation(service, action) : undefined;
  if (handler === undefined || operation === undefined)
    return new AwsError('InvalidAction', `There is no operation ${action} of ${service}`);
  try {
    const input = read(operation);
    const reading = new Reading(KIND, { seed: world.seed, number: how.n, now: world.now() });
    const scope = world.scope(of.account, of.region);
    const call = { scope, reading, accessKeyId: of.account, requestId: how.requestId };
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
