import type {
  Action,
  Certificate,
  CreateTargetGroupInput,
  RuleCondition,
  TargetHealthReasonEnum,
  TargetHealthStateEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';

export interface LoadBalancerRecord {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: string;
  readonly type: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly createdAt: number;
  readonly activeAt: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: string;
  readonly actions: readonly Action[];
  readonly sslPolicy?: string | undefined;
  readonly certificates?: readonly Certificate[] | undefined;
}

export interface RuleRecord {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
}

export interface TargetGroupRecord {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly vpcId: string | undefined;
  readonly targetType: string;
  readonly healthCheck: HealthCheck;
  readonly attributes: Readonly<Record<string, string>>;
  /** The call that made it: a repeat with equal settings is answered with this group. */
  readonly request: CreateTargetGroupInput;
}

export interface HealthCheck {
  /** Absent: true. Only a group of functions may have none. */
  readonly enabled?: boolean;
  readonly protocol: string;
  readonly port: string;
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly matcher: string;
}

export interface TargetRecord {
  readonly targetGroupArn: string;
  readonly instanceId: string;
  readonly port: number;
  readonly state: TargetHealthStateEnum;
  readonly reason: TargetHealthReasonEnum | undefined;
}

export interface ElbTags {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** How many of a target group's targets were healthy, from an instant on until the next row. */
export interface HostCount {
  readonly targetGroupArn: string;
  readonly at: number;
  readonly loadBalancerArns: readonly string[];
  readonly healthy: number;
  readonly unhealthy: number;
  readonly registered: number;
}
