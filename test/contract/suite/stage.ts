import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Route53Client } from '@aws-sdk/client-route-53';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';

/** What costs money, or what only a double lets everybody do. */
export type Capability = 'instances' | 'load balancers' | 'own images' | 'many requests';

/** Clients of the ordinary SDK, all at one target. */
export interface Clients {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly cloudWatch: CloudWatchClient;
  readonly serviceQuotas: ServiceQuotasClient;
  readonly sts: STSClient;
  readonly ssm: SSMClient;
  readonly route53: Route53Client;
}

/** What a scenario plays on: one target, seen through the SDK alone. */
export interface Stage extends Clients {
  readonly region: string;
  /** On every resource that can have tags: so that what is left behind can be found. */
  readonly tag: { readonly Key: string; readonly Value: string };
  /** A name that nobody else has, at most 32 characters long when `base` has at most 20. */
  readonly name: (base: string) => string;
  /** Clients with the credentials of somebody else, at the same target. */
  readonly clientsOf: (credentials: Credentials) => Clients;
  /** Lets so many seconds pass, on whatever clock the target has. */
  readonly passTime: (seconds: number) => Promise<void>;
  /** Looks until it is so, letting time pass in between; bounded, and says at the end what it saw last. */
  readonly eventually: <T>(
    what: string,
    look: () => Promise<T>,
    isSo: (seen: T) => boolean,
  ) => Promise<T>;
  /** Makes the instances of an image fail their health checks; throws where there is no way to. */
  readonly failHealthChecks: (imageId: string) => Promise<void>;
  /** Undone when the scenario has ended, the last first. */
  readonly atEnd: (undo: () => Promise<unknown>) => void;
  /** Ends the scenario as skipped where the target does not allow this. */
  readonly needs: (capability: Capability) => void;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The scenario does not play here; the message says why. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}
