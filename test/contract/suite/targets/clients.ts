import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import type { Service } from '../scenario.js';
import type { Clients, Credentials } from '../stage.js';
import type { Wiring } from './target.js';

/** Opens clients and keeps book of what is called through them. */
export class RecordedClients {
  readonly operations = new Set<string>();
  missing: string | undefined;
  readonly #opened: { destroy(): void }[] = [];

  constructor(private readonly wiring: Wiring) {}

  open(credentials?: Credentials): Clients {
    const settings = {
      ...this.wiring.settings,
      ...(credentials === undefined ? {} : { credentials }),
    };
    return {
      ec2: this.#recorded('ec2', new EC2Client(settings)),
      autoScaling: this.#recorded('autoscaling', new AutoScalingClient(settings)),
      elb: this.#recorded('elasticloadbalancing', new ElasticLoadBalancingV2Client(settings)),
      cloudWatch: this.#recorded('cloudwatch', new CloudWatchClient(settings)),
      serviceQuotas: this.#recorded('servicequotas', new ServiceQuotasClient(settings)),
      sts: this.#recorded('sts', new STSClient(settings)),
      ssm: this.#recorded('ssm', new SSMClient(settings)),
      // One endpoint for all regions, which takes signatures for this one only.
      route53: this.#recorded('route53', new Route53Client({ ...settings, region: 'us-east-1' })),
    };
  }

  close(): void {
    for (const client of this.#opened) client.destroy();
  }

  #recorded<C extends Recordable>(service: Service, client: C): C {
    this.#opened.push(client);
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const operation = `${service}:${context.commandName?.replace(/Command$/, '')}`;
        this.operations.add(operation);
        try {
          return await next(args);
        } catch (error) {
          if (this.wiring.isMissing(operation, error)) this.missing ??= operation;
          throw error;
        }
      },
      { step: 'initialize', name: 'contract-recorder' },
    );
    return client;
  }
}

type Next = (args: { input: object }) => Promise<{ output: object; response: unknown }>;

/** What the recorder needs of a client, whatever its service. */
interface Recordable {
  readonly middlewareStack: {
    add(
      middleware: (next: Next, context: { readonly commandName?: string }) => Next,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
  destroy(): void;
}
