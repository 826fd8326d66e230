import type { ServiceName } from '../ports.js';

/** A token bucket: at most `burst` calls at once, refilled at `perSecond`. */
export interface BucketLimit {
  readonly name: string;
  readonly burst: number;
  readonly perSecond: number;
}

const autoScaling = { name: 'autoscaling', burst: 40, perSecond: 8 };
const ec2Reads = { name: 'ec2-read', burst: 100, perSecond: 20 };
const ec2Writes = { name: 'ec2-write', burst: 50, perSecond: 5 };
const elbAll = { name: 'elb', burst: 40, perSecond: 10 };
const elbWrites = { name: 'elb-write', burst: 20, perSecond: 3 };
const elbTargets = { name: 'elb-targets', burst: 20, perSecond: 4 };
const alarmReads = { name: 'monitoring-alarm-read', burst: 9, perSecond: 9 };
const alarmWrites = { name: 'monitoring-alarm-write', burst: 3, perSecond: 3 };
const alarmTags = { name: 'monitoring-tags', burst: 10, perSecond: 10 };
const dns = { name: 'route53', burst: 5, perSecond: 5 };
const quotaReads = { burst: 10, perSecond: 5 };
const metricReads = { name: 'monitoring-metric-read', burst: 50, perSecond: 50 };

/**
 * The buckets that a call draws from, per account and region. EC2 and ELBv2: AWS's documented figures. Auto Scaling has
 * one unpublished bucket for all its actions; 8 a second lies in the 5 to 10 that clouddriver-aws 7.2 designs for.
 * CloudWatch: its service quotas (DescribeAlarms 9, PutMetricAlarm and DeleteAlarms 3, ListTagsForResource 10,
 * GetMetricData 50 a second), which name no burst beyond the second. Route 53: five requests a second of the whole account
 * (DNSLimitations), whatever the region. Service Quotas: its own quotas, 5 a second and 5 more in one burst for each of the
 * actions that we call.
 */
export function bucketsOf(service: ServiceName, action: string): readonly BucketLimit[] {
  switch (service) {
    case 'autoscaling':
      return [autoScaling];
    case 'ec2':
      return [isRead(action) ? ec2Reads : ec2Writes];
    case 'elasticloadbalancing':
      if (isRead(action)) return [elbAll];
      return [elbAll, /^(Register|Deregister)Targets$/.test(action) ? elbTargets : elbWrites];
    case 'monitoring':
      return [cloudWatchBucket(action)];
    case 'route53':
      return [dns];
    case 'servicequotas':
      return [{ name: `servicequotas-${action}`, ...quotaReads }];
  }
}

/** Whether an action changes nothing. */
export function isRead(action: string): boolean {
  return /^(Describe|Get|List)/.test(action);
}

function cloudWatchBucket(action: string): BucketLimit {
  if (/^(ListTagsFor|Tag|Untag)Resource$/.test(action)) return alarmTags;
  if (!isRead(action)) return alarmWrites;
  return /Alarm/.test(action) ? alarmReads : metricReads;
}
