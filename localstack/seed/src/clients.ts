import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { STSClient } from '@aws-sdk/client-sts';

/** Where the seed goes. Without an endpoint the SDK decides, by `AWS_ENDPOINT_URL` among others. */
export interface Place {
  readonly endpoint?: string;
  readonly region: string;
  /** The account that the credentials must belong to. Any 12 digits are an account of the stand-in. */
  readonly accountId?: string;
}

export interface Clients {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly sts: STSClient;
  close(): void;
}

/**
 * Clients with the credentials of the environment. At an endpoint that is not AWS's the account id serves as key,
 * unless the environment has one.
 */
export function openClients(place: Place, hasCredentials: boolean): Clients {
  const settings = {
    region: place.region,
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
    ...(place.endpoint === undefined || hasCredentials
      ? {}
      : {
          credentials: {
            accessKeyId: place.accountId ?? '000000000000',
            secretAccessKey: 'stand-in',
          },
        }),
  };
  const clients = {
    ec2: new EC2Client(settings),
    autoScaling: new AutoScalingClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    sts: new STSClient(settings),
  };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
