import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../wire/aws-error.js';
import { findOperation, type ServiceName } from '../wire/sdk-model.js';
import type { Operation } from '../wire/shape.js';
import type { WireFormat } from '../wire/wire-format.js';
import { Reading } from '../world/reading.js';
import { answer, type AwsReply } from './aws-reply.js';
import type { FaultRule, FaultSubject } from './faults.js';
import { performAgain, performForeignChange } from './foreign-change.js';
import type { LedgerEntry } from './ledger.js';
import { notThere } from '../wire/not-there.js';
import { OPERATIONS } from './operations.js';
import { deniedBy, THROTTLES } from './refusals.js';
import { readInvocation, type RequestIdentity } from './request-identity.js';
import { resourcesOf } from './resources.js';
import type { Simulation } from './simulation.js';

/** A call that says who sends it and what it wants. */
export interface Received {
  readonly service: ServiceName;
  readonly action: string;
  readonly identity: RequestIdentity;
  readonly account: string;
  readonly wire: WireFormat;
  readonly requestId: string;
}

type Outcome = { readonly output: object } | { readonly error: AwsError };

/** How a fault ends a call otherwise than with an answer. */
type Silencing = 'cut' | 'close' | 'silence';

/** One call from its arrival to its entry in the ledger. */
export class CallInProgress {
  readonly #n: number;
  readonly #arrivedAt: number;
  readonly #faultIds: string[] = [];
  readonly #attempt: number;
  readonly #invocationId: string | undefined;
  #executed = false;
  #known: FaultSubject | undefined;
  #truncateAt: number | undefined;
  #staleMs: number | undefined;
  #input: Readonly<Record<string, unknown>> = {};

  constructor(
    private readonly simulation: Simulation,
    private readonly call: Received,
    headers: IncomingHttpHeaders,
  ) {
    this.#n = simulation.ledger.nextNumber();
    this.#arrivedAt = simulation.world.now();
    const { invocationId, attempt } = readInvocation(headers);
    this.#attempt = attempt;
    this.#invocationId = invocationId;
  }

  async run(): Promise<AwsReply> {
    const prepared = this.#attemptSync(() => this.#prepare());
    if ('error' in prepared) return this.#reply(prepared);
    const rules = this.simulation.faults.strike(this.#subject(), {
      now: this.simulation.world.now(),
      input: this.#input,
    });
    const before = await this.#strike(rules.filter(({ point }) => point !== 'after'));
    if (before !== undefined) return this.#finish(before);
    const outcome = this.#execute(prepared.output);
    const after = await this.#strike(rules.filter(({ point }) => point === 'after'));
    return this.#finish(after ?? outcome, prepared.output);
  }

  /** Finds the operation and reads its input. */
  #prepare(): Operation {
    const { service, action, wire } = this.call;
    const operation = findOperation(service, action);
    if (operation === undefined) {
      throw new AwsError(
        'InvalidAction',
        `The action ${action} is not valid for this web service.`,
      );
    }
    this.#input = wire.read(operation);
    this.#known = undefined;
    if (!Object.hasOwn(OPERATIONS[service], action)) {
      throw notThere(
        `API action '${action}' for service '${service}' not yet implemented or pro feature`,
      );
    }
    return operation;
  }

  #subject(): FaultSubject {
    return (this.#known ??= this.#makeSubject());
  }

  #makeSubject(): FaultSubject {
    const { service, action, identity, account } = this.call;
    const resources = resourcesOf(this.#input);
    return {
      n: this.#n,
      service,
      action,
      region: identity.region,
      account,
      resources,
      attempt: this.#attempt,
    };
  }

  /** Lets the faults do their work, one after another; the first that ends the call decides how. */
  async #strike(rules: readonly FaultRule[]): Promise<Outcome | Silencing | undefined> {
    for (const rule of rules) {
      this.#faultIds.push(rule.id);
      const end = await this.#suffer(rule);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  async #suffer(rule: FaultRule): Promise<Outcome | Silencing | undefined> {
    const { effect } = rule;
    switch (effect.kind) {
      case 'error':
        return { error: new AwsError(effect.code, effect.message, effect.status) };
      case 'throttle':
      case 'bucket':
        return { error: THROTTLES[this.call.service] };
      case 'deny':
        return { error: deniedBy(this.call.service, this.call.action, this.#caller()) };
      case 'reset':
        return 'cut';
      case 'close':
      case 'silence':
        return effect.kind;
      case 'truncate':
        this.#truncateAt = effect.bytes;
        return undefined;
      case 'stale':
        this.#staleMs = effect.ageSeconds * 1000;
        return undefined;
      case 'operation':
        performForeignChange(this.simulation, effect, {
          faultId: rule.id,
          call: this.#subject(),
          input: this.#input,
        });
        return rule.point === 'instead' ? 'cut' : undefined;
      case 'duplicate':
        performAgain(this.simulation, {
          faultId: rule.id,
          call: this.#subject(),
          input: this.#input,
        });
        return rule.point === 'instead' ? 'cut' : undefined;
      case 'delay':
        this.simulation.settle();
        await new Promise((resolve) => {
          setTimeout(resolve, effect.milliseconds);
        });
        return rule.point === 'instead' ? 'cut' : undefined;
      case 'hold':
        return this.#hold(rule);
    }
  }

  #caller(): string {
    const session = this.simulation.world.sessions.find(this.call.identity.accessKeyId);
    return session?.arn ?? `arn:aws:iam::${this.call.account}:root`;
  }

  async #hold(rule: FaultRule): Promise<'cut' | undefined> {
    this.simulation.settle();
    const release = await this.simulation.holds.hold({
      faultId: rule.id,
      point: rule.point,
      call: this.#subject(),
      heldSince: new Date(this.simulation.world.now()).toISOString(),
    });
    return release === 'reset' || rule.point === 'instead' ? 'cut' : undefined;
  }

  #execute(operation: Operation): Outcome {
    const { world } = this.simulation;
    world.catchUp();
    const { service, account, identity, requestId } = this.call;
    return this.#attemptSync(() => {
      if (this.#input['DryRun'] === true) {
        throw new AwsError(
          'DryRunOperation',
          'Request would have succeeded, but DryRun flag is set.',
          412,
        );
      }
      const reading = new Reading(this.simulation.options.adversity, {
        seed: world.seed,
        number: this.#n,
        now: world.now(),
        staleMs: this.#staleMs,
      });
      const call = {
        scope: world.scope(account, identity.region),
        reading,
        accessKeyId: identity.accessKeyId,
        requestId,
      };
      const handler = OPERATIONS[service][operation.name];
      if (handler === undefined) throw notThere(`API action '${operation.name}' is not there`);
      // The reader has shaped the input by the SDK's own schema of this operation.
      const output = world.attempt(() => handler(call, this.#input as never));
      this.#executed = true;
      return output;
    });
  }

  #attemptSync<T extends object>(
    step: () => T,
  ): { readonly output: T } | { readonly error: AwsError } {
    try {
      return { output: step() };
    } catch (error) {
      if (error instanceof AwsError) return { error };
      throw error;
    }
  }

  #finish(outcome: Outcome | Silencing, operation?: Operation): AwsReply {
    if (typeof outcome === 'string') {
      this.simulation.settle();
      this.#record({ status: 0, errorCode: undefined });
      return { kind: outcome };
    }
    return this.#reply(outcome, operation);
  }

  #reply(outcome: Outcome, operation?: Operation): AwsReply {
    const { wire, requestId } = this.call;
    this.simulation.settle();
    if ('error' in outcome || operation === undefined) {
      const error = 'error' in outcome ? outcome.error : new AwsError('InternalFailure', '', 500);
      this.#record({ status: error.status, errorCode: error.code });
      const written = wire.writeError(error);
      return answer(this.simulation, { status: error.status, ...written, requestId });
    }
    const written = wire.writeReply(operation, outcome.output);
    const { status = 200 } = written;
    this.#record({ status, errorCode: undefined });
    const truncateAt = this.#truncateAt;
    return answer(this.simulation, { ...written, status, requestId, truncateAt });
  }

  #record(end: Pick<LedgerEntry, 'status' | 'errorCode'>): void {
    const { n, attempt, resources, ...subject } = this.#subject();
    this.simulation.ledger.add({
      n,
      time: new Date(this.#arrivedAt).toISOString(),
      ...subject,
      resources,
      input: this.#input,
      invocationId: this.#invocationId,
      attempt,
      requestId: this.call.requestId,
      executed: this.#executed,
      faultIds: this.#faultIds,
      ...end,
    });
  }
}
