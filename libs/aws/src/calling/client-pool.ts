import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AccountConfig } from '../account-config.js';
import type { AwsCredentials } from '../aws.js';
import { TappedHandler } from './tapped-handler.js';

/** To connect; a longer wait is a dead host. */
const connectionTimeoutMs = 2_000;
/** From sending to the reply. The locks of DESIGN D9 count on it: no write leaves or arrives later. */
export const requestTimeoutMs = 15_000;
/** Connections to one host; more calls at once wait for one. */
const socketsMax = 100;

/** The SDK's clients of one account and region; each call of theirs is one request. */
export interface RegionClients {
  readonly autoscaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly elasticloadbalancing: ElasticLoadBalancingV2Client;
  readonly monitoring: CloudWatchClient;
  readonly route53: Route53Client;
  readonly servicequotas: ServiceQuotasClient;
}

/** Where clients connect, and as whom. */
export interface ClientPoolOptions {
  readonly endpoint?: string | undefined;
  readonly credentials?: AwsCredentials | undefined;
}

/** Clients by account and region over one shared set of kept-alive connections. */
export class ClientPool {
  readonly #options: ClientPoolOptions;
  readonly #requestHandler = new TappedHandler({
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    socketTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: socketsMax }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: socketsMax }),
  });
  readonly #clients = new Map<string, RegionClients>();

  constructor(options: ClientPoolOptions) {
    this.#options = options;
  }

  /** The same clients for the same account and region, until they are dropped. */
  clientsOf(account: AccountConfig, region: string): RegionClients {
    const key = `${account.name}/${region}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const made = this.#make(account, region);
    this.#clients.set(key, made);
    return made;
  }

  /** Forgets the clients and with them their credentials: the next call fetches new ones. */
  drop(account: AccountConfig, region: string): void {
    this.#clients.delete(`${account.name}/${region}`);
  }

  /** Closes every connection. */
  close(): void {
    this.#clients.clear();
    this.#requestHandler.destroy();
  }

  #make(account: AccountConfig, region: string): RegionClients {
    const config = { ...this.#base(region), ...this.#credentialsOf(account, region) };
    return {
      autoscaling: new AutoScalingClient(config),
      ec2: new EC2Client(config),
      elasticloadbalancing: new ElasticLoadBalancingV2Client(config),
      monitoring: new CloudWatchClient(config),
      route53: new Route53Client(config),
      servicequotas: new ServiceQuotasClient(config),
    };
  }

  #base(region: string) {
    const { endpoint } = this.#options;
    return {
      region,
      maxAttempts: 1,
      requestHandler: this.#requestHandler,
      ...(endpoint !== undefined && { endpoint }),
    };
  }

  /** Nothing: the SDK's own chain. */
  #credentialsOf(account: AccountConfig, region: string) {
    const { credentials } = this.#options;
    if (account.roleArn === undefined) return { ...(credentials && { credentials }) };
    const assumed = fromTemporaryCredentials({
      ...(credentials && { masterCredentials: credentials }),
      params: {
        RoleArn: account.roleArn,
        RoleSessionName: 'gennaker',
        ...(account.externalId !== undefined && { ExternalId: account.externalId }),
      },
      clientConfig: this.#base(region),
    });
    return { credentials: assumed };
  }
}
