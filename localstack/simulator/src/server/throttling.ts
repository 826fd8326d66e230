import type { ServiceName } from '../wire/sdk-model.js';

/** So many tokens fit in, and so many come back each second. */
export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

interface NamedBucket extends BucketSize {
  readonly name: string;
}

export interface ThrottledCall {
  readonly service: string;
  readonly action: string;
  readonly account: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Level {
  readonly tokens: number;
  readonly at: number;
}

/** Token buckets by account and region. They are full at first, and after a restart. */
export class TokenBuckets {
  readonly #levels = new Map<string, Level>();

  /** Takes a token from each bucket of the call; true when one of them had none, and then none is taken. */
  isThrottled(
    call: ThrottledCall,
    rule: { readonly id: string; readonly size: BucketSize | undefined; readonly now: number },
  ): boolean {
    const place = `${rule.id}|${call.account}|${call.region}`;
    const buckets = (
      rule.size === undefined ? bucketsOf(call) : [{ ...rule.size, name: call.service }]
    ).map((bucket) => ({ ...bucket, key: `${place}|${bucket.name}` }));
    const levels = buckets.map((bucket) => ({
      key: bucket.key,
      tokens: this.#tokens(bucket, bucket.key, rule.now),
    }));
    const isEmpty = levels.some(({ tokens }) => tokens < 1);
    for (const { key, tokens } of levels)
      this.#levels.set(key, { tokens: isEmpty ? tokens : tokens - 1, at: rule.now });
    return isEmpty;
  }

  #tokens(bucket: BucketSize, key: string, now: number): number {
    const level = this.#levels.get(key) ?? { tokens: bucket.capacity, at: now };
    const refilled = level.tokens + ((now - level.at) / 1000) * bucket.refillPerSecond;
    return Math.min(bucket.capacity, refilled);
  }
}

/**
 * The buckets that AWS documents for a call.
 * EC2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html (per action);
 * ELB: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html (all of them, and a
 * category); Route 53: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html (five requests a
 * second and account); CloudWatch, SSM and Service Quotas: their quota pages. Auto Scaling and STS publish none: an
 * assumption.
 */
function bucketsOf(call: ThrottledCall): readonly NamedBucket[] {
  switch (call.service as ServiceName) {
    case 'ec2':
      return [{ name: `ec2:${call.action}`, ...ec2Bucket(call) }];
    case 'elasticloadbalancing':
      return [size('elb', 40, 10), elbBucket(call.action)];
    case 'monitoring':
      return [size(`monitoring:${call.action}`, ...cloudWatchRate(call.action))];
    case 'ssm':
      return [isRead(call.action) ? size('ssm:read', 40, 40) : size(`ssm:${call.action}`, 3, 3)];
    case 'servicequotas':
      return [size(`servicequotas:${call.action}`, 10, 5)];
    case 'autoscaling':
      return [size('autoscaling', 40, 10)];
    case 'route53':
      return [size('route53', 5, 5)];
    case 'sts':
      return [size('sts', 600, 600)];
  }
}

const UNFILTERED = [
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeNetworkInterfaces',
  'DescribeSecurityGroups',
  'DescribeSnapshots',
  'DescribeSpotInstanceRequests',
  'DescribeVolumes',
];

const EC2_NAMED: Readonly<Record<string, readonly [number, number]>> = {
  RunInstances: [5, 2],
  StartInstances: [5, 2],
  TerminateInstances: [100, 5],
  CreateTags: [100, 10],
  DeleteTags: [100, 10],
  CreateLaunchTemplateVersion: [100, 5],
  ModifyLaunchTemplate: [100, 5],
  ModifyImageAttribute: [100, 5],
  DeregisterImage: [100, 5],
  CopyImage: [100, 1],
};

function ec2Bucket({ action, input }: ThrottledCall): BucketSize {
  const named = EC2_NAMED[action];
  if (named !== undefined) return { capacity: named[0], refillPerSecond: named[1] };
  if (!isRead(action)) return { capacity: 50, refillPerSecond: 5 };
  const isWhole = UNFILTERED.includes(action) && Object.keys(input).length === 0;
  return isWhole ? { capacity: 50, refillPerSecond: 10 } : { capacity: 100, refillPerSecond: 20 };
}

function elbBucket(action: string): NamedBucket {
  if (action === 'RegisterTargets' || action === 'DeregisterTargets')
    return size('elb:registration', 20, 4);
  if (action === 'CreateLoadBalancer' || action === 'SetSubnets')
    return size('elb:creation', 10, 0.2);
  return isRead(action) ? size('elb:read', 40, 10) : size('elb:change', 20, 3);
}

const CLOUDWATCH: Readonly<Record<string, number>> = {
  GetMetricData: 50,
  GetMetricStatistics: 400,
  ListMetrics: 25,
  PutMetricData: 500,
  PutMetricAlarm: 3,
  DescribeAlarms: 9,
  DeleteAlarms: 3,
  SetAlarmState: 3,
};

function cloudWatchRate(action: string): readonly [number, number] {
  const rate = CLOUDWATCH[action] ?? 10;
  return [rate, rate];
}

function isRead(action: string): boolean {
  return /^(Describe|Get|List)/.test(action);
}

function size(name: string, capacity: number, refillPerSecond: number): NamedBucket {
  return { name, capacity, refillPerSecond };
}
