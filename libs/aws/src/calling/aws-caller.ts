import { GennakerError } from '@gennaker/domain';
import type { AccountConfig } from '../account-config.js';
import type { AwsClock } from './aws-clock.js';
import type { CallOptions } from '../call-options.js';
import { requestTimeoutMs, type ClientPool, type RegionClients } from './client-pool.js';
import type { AwsLogger, CallCounter, CallMeasure, ServiceName } from '../ports.js';
import type { RateBudget } from '../budget/rate-budget.js';
import { isRead } from '../budget/rate-limits.js';
import type {
  AutoScalingCommand,
  AutoScalingInput,
  AutoScalingOutput,
  CloudWatchCommand,
  CloudWatchInput,
  CloudWatchOutput,
  Ec2Command,
  Ec2Input,
  Ec2Output,
  ElbCommand,
  ElbInput,
  ElbOutput,
  Route53Command,
  Route53Input,
  Route53Output,
  QuotasCommand,
  QuotasInput,
  QuotasOutput,
} from './sdk-commands.js';
import type { CallTap, TappedOptions } from './tapped-handler.js';
import { needsFreshCredentials, translateFault, type AttemptedCall } from './translate-fault.js';

/** What a call is about and how it is made. */
export interface SendOptions extends CallOptions {
  /** Name, id or ARN for errors and logs. */
  readonly resource: string;
  /** Told the reply's text, before it is parsed. */
  readonly onBody?: ((text: string) => void) | undefined;
}

/** What the calls of one account and region share. */
export interface CallerParts {
  readonly account: AccountConfig;
  readonly region: string;
  readonly pool: ClientPool;
  readonly budget: RateBudget;
  readonly clock: AwsClock;
  readonly steadyMs: () => number;
  readonly logger: AwsLogger | undefined;
  readonly counter: CallCounter | undefined;
  /** In whose name this caller counts its calls. */
  readonly madeBy: CallMeasure['madeBy'];
}

/** One call on its way. */
interface Call {
  readonly service: ServiceName;
  readonly action: string;
  readonly options: SendOptions;
  readonly run: (clients: RegionClients, http: TappedOptions) => Promise<unknown>;
}

/** A part of a batch that AWS refused. */
export interface Refusal extends Pick<AttemptedCall, 'service' | 'action' | 'resource'> {
  readonly awsCode: string;
  readonly awsMessage: string;
}

/** Makes every call of one account and region: the only way to AWS. */
export class AwsCaller {
  readonly #parts: CallerParts;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** Sends a command to Auto Scaling. */
  autoscaling<I extends AutoScalingInput, O extends AutoScalingOutput>(
    command: AutoScalingCommand<I, O>,
    options: SendOptions,
  ): Promise<O> {
    const service = 'autoscaling';
    return this.#send({ service, action: actionOf(command), options }, (clients, http) =>
      clients.autoscaling.send(command, http),
    );
  }

  /** Sends a command to EC2. */
  ec2<I extends Ec2Input, O extends Ec2Output>(
    command: Ec2Command<I, O>,
    options: SendOptions,
  ): Promise<O> {
    return this.#send({ service: 'ec2', action: actionOf(command), options }, (clients, http) =>
      clients.ec2.send(command, http),
    );
  }

  /** Sends a command to Elastic Load Balancing v2. */
  elb<I extends ElbInput, O extends ElbOutput>(
    command: ElbCommand<I, O>,
    options: SendOptions,
  ): Promise<O> {
    const service = 'elasticloadbalancing';
    return this.#send({ service, action: actionOf(command), options }, (clients, http) =>
      clients.elasticloadbalancing.send(command, http),
    );
  }

  /** Sends a command to CloudWatch, whose name on the wire is "monitoring". */
  cloudWatch<I extends CloudWatchInput, O extends CloudWatchOutput>(
    command: CloudWatchCommand<I, O>,
    options: SendOptions,
  ): Promise<O> {
    const service = 'monitoring';
    return this.#send({ service, action: actionOf(command), options }, (clients, http) =>
      clients.monitoring.send(command, http),
    );
  }

  /** Sends a command to Route 53, which has one endpoint for all regions of a partition. */
  route53<I extends Route53Input, O extends Route53Output>(
    command: Route53Command<I, O>,
    options: SendOptions,
  ): Promise<O> {
    const service = 'route53';
    return this.#send({ service, action: actionOf(command), options }, (clients, http) =>
      clients.route53.send(command, http),
    );
  }

  /** Sends a command to Service Quotas. */
  quotas<I extends QuotasInput, O extends QuotasOutput>(
    command: QuotasCommand<I, O>,
    options: SendOptions,
  ): Promise<O> {
    const service = 'servicequotas';
    return this.#send({ service, action: actionOf(command), options }, (clients, http) =>
      clients.servicequotas.send(command, http),
    );
  }

  /** Waits for its turn, asks whether it may still write, sends once, and translates what went wrong. */
  async #send<O>(
    call: Omit<Call, 'run'>,
    run: (clients: RegionClients, http: TappedOptions) => Promise<O>,
  ): Promise<O> {
    const { budget, steadyMs, pool, account, region } = this.#parts;
    const { service, action, options } = call;
    const askedAtMs = steadyMs();
    await budget.turn({ service, action, priority: options.priority, signal: options.signal });
    const sentAtMs = steadyMs();
    const measure = (outcome: string): void =>
      this.#parts.counter?.({
        account: account.name,
        region,
        service,
        action,
        priority: options.priority,
        madeBy: this.#parts.madeBy,
        outcome,
        queuedMs: sentAtMs - askedAtMs,
        tookMs: steadyMs() - sentAtMs,
      });
    try {
      const reply = await withinTimeout(options.signal, (abortSignal) =>
        run(pool.clientsOf(account, region), { abortSignal, tap: this.#tapOf(call) }),
      );
      measure('ok');
      return reply;
    } catch (error) {
      const fault = this.#faultOf(call, error);
      measure(fault instanceof GennakerError ? fault.code : 'aborted');
      throw fault;
    }
  }

  #tapOf({ action, options }: Omit<Call, 'run'>): CallTap {
    return {
      leaving: () => {
        if (!isRead(action)) options.mayWrite?.();
      },
      replied: (dateHeader) => this.#parts.clock.observe(dateHeader),
      onBody: options.onBody,
    };
  }

  /** What AWS refused within a reply that is none itself, as the error that the call alone would have thrown. */
  refusal(refused: Refusal): GennakerError {
    const { service, action, resource, awsCode, awsMessage } = refused;
    // The reply as a whole is a success and has no status for its parts: a part is refused as a request would be.
    const metadata = { $metadata: { httpStatusCode: 400 } };
    const error = Object.assign(new Error(awsMessage), { name: awsCode, ...metadata });
    return translateFault(error, this.#attempted({ service, action, resource }));
  }

  /** The caller's own abort stays what it was; everything else goes through the fault table. */
  #faultOf({ service, action, options }: Omit<Call, 'run'>, error: unknown): unknown {
    if (options.signal?.aborted === true) return options.signal.reason;
    const { account, region, budget, pool, logger } = this.#parts;
    const { resource } = options;
    const fault = translateFault(error, this.#attempted({ service, action, resource }));
    if (fault.code === 'AWS_THROTTLED') {
      budget.throttled(service, action);
      logger?.warn('AWS throttled a call; its rate is halved', fault.details);
    }
    if (needsFreshCredentials(fault)) pool.drop(account, region);
    return fault;
  }

  #attempted(call: Pick<AttemptedCall, 'service' | 'action' | 'resource'>): AttemptedCall {
    const { account, region } = this.#parts;
    const role = account.roleArn ?? `the ambient credentials of account ${account.name}`;
    return { ...call, account: account.name, region, role };
  }
}

/**
 * Runs within the caller's signal and the request timeout. The SDK's own timeouts end with the reply's head or start
 * anew with each byte; this one bounds the whole call, a reply that trickles included.
 */
async function withinTimeout<O>(
  signal: AbortSignal | undefined,
  run: (abortSignal: AbortSignal) => Promise<O>,
): Promise<O> {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  return new Promise<O>((resolve, reject) => {
    const abort = (): void => reject(either.reason as Error);
    if (either.aborted) return abort();
    either.addEventListener('abort', abort, { once: true });
    run(either)
      .then(resolve, reject)
      .finally(() => either.removeEventListener('abort', abort));
  });
}

function actionOf(command: object): string {
  return command.constructor.name.replace(/Command$/, '');
}
