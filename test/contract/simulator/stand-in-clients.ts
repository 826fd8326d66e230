import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { STSClient } from '@aws-sdk/client-sts';
import type { RunningSimulator } from '@gennaker/simulator';

/** The answer of a control route; the caller says what it looks like. */
export interface ControlReply<T> {
  readonly status: number;
  readonly body: T;
}

/** A stand-in on the virtual clock with clients of the real SDK, and its control routes. */
export interface StandIn {
  readonly running: RunningSimulator;
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly sts: STSClient;
  readonly control: <T>(
    method: string,
    path: string,
    body?: object | string,
  ) => Promise<ControlReply<T>>;
  readonly advance: (seconds: number) => Promise<void>;
  readonly close: () => Promise<void>;
}
