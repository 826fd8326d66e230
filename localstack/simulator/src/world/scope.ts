import type {
  ActivityRecord,
  GroupRecord,
  HookRecord,
  LaunchConfigurationRecord,
  LifecycleActionRecord,
  MemberRecord,
  NotificationRecord,
  PolicyRecord,
  RefreshRecord,
  ScheduledActionRecord,
  WarmPoolRecord,
} from '../autoscaling/records.js';
import type { MetricSource } from '../cloudwatch/metric-source.js';
import type { AlarmRecord, MetricBucket, MetricSeries } from '../cloudwatch/records.js';
import type {
  ClientTokenRecord,
  ImageRecord,
  InstanceRecord,
  LaunchTemplateRecord,
  LaunchTemplateVersionRecord,
  ResourceTags,
  SecurityGroupRecord,
  SubnetRecord,
  VpcRecord,
} from '../ec2/records.js';
import type {
  ElbTags,
  HostCount,
  ListenerRecord,
  LoadBalancerRecord,
  RuleRecord,
  TargetGroupRecord,
  TargetRecord,
} from '../elb/records.js';
import type { EventQueue } from '../kernel/event-queue.js';
import type { Store } from '../kernel/store.js';
import type { Table, TableOptions } from '../kernel/table.js';
import type { HostedZoneRecord, RecordSetRecord } from '../route53/records.js';
import { vcpuQuotaOf } from '../servicequotas/catalogue.js';
import type { QuotaRecord } from '../servicequotas/records.js';
import type { ParameterRecord } from '../ssm/records.js';
import type { Session } from '../sts/sessions.js';
import type { Capacity } from './capacity.js';
import type { TrafficSegment } from './traffic-stream.js';

/** How far back a describe call may see instances, targets and templates (an assumption; AWS gives no figure). */
const HISTORY_MS = 60_000;

/** What an account and region sees of the world around it. */
export interface Surroundings {
  readonly store: Store;
  readonly queue: EventQueue;
  readonly capacity: Capacity;
  readonly segments: Table<TrafficSegment>;
  readonly seed: string;
  /** How long the slowest application takes to start. */
  readonly appStartSeconds: number;
  readonly sessions: Table<Session>;
  now(): number;
  nextNumber(): number;
  nextHex(digits: number): string;
  instanceChanged(scope: Scope, instanceId: string): void;
  targetGroupChanged(scope: Scope, arn: string): void;
  alarmChanged(scope: Scope, name: string): void;
  readonly metricSources: readonly MetricSource<Scope>[];
  alarmActs(scope: Scope, name: string): void;
}

export type Tables = ReturnType<typeof makeTables>;

/** One account in one region: its tables, and the world that it lives in. */
export class Scope {
  readonly name: string;
  readonly tables: Tables;

  constructor(
    readonly world: Surroundings,
    readonly account: string,
    readonly region: string,
  ) {
    this.name = `${account}/${region}`;
    this.tables = makeTables(world.store, this.name);
  }

  now(): number {
    return this.world.now();
  }

  /** The instant as Auto Scaling writes it into causes. */
  timestamp(): string {
    return new Date(this.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }

  zones(): readonly string[] {
    return ['a', 'b', 'c'].map((letter) => `${this.region}${letter}`);
  }

  /** Plans a transition of a subject of this scope; of two plans of a kind for a subject the earlier one stays. */
  schedule(kind: string, subject: string, afterSeconds: number): void {
    this.world.queue.schedule({
      at: this.now() + afterSeconds * 1000,
      kind,
      scope: this.name,
      subject,
    });
  }

  /** Plans a transition in place of the one of this kind that was planned for the subject. */
  reschedule(kind: string, subject: string, afterSeconds: number): void {
    this.world.queue.schedule(
      { at: this.now() + afterSeconds * 1000, kind, scope: this.name, subject },
      true,
    );
  }

  cancel(kind: string, subject: string): void {
    this.world.queue.cancel(this.name, kind, subject);
  }
}

/** Where an instance has an address, and what it counts against. */
const INSTANCE_INDEXES = {
  subnet: (row: InstanceRecord) => (row.state === 'terminated' ? undefined : row.subnetId),
  vcpuQuota: vcpuQuotaOf,
};

function makeTables(store: Store, scope: string) {
  const table = <T extends object>(name: string, options: TableOptions<T> = {}): Table<T> =>
    store.table<T>(`${scope}/${name}`, options);
  const lagging = { historyMs: HISTORY_MS };
  const byGroup = { indexes: { group: (row: { readonly group: string }) => row.group } };
  return {
    vpcs: table<VpcRecord>('vpcs'),
    subnets: table<SubnetRecord>('subnets'),
    securityGroups: table<SecurityGroupRecord>('security-groups'),
    images: table<ImageRecord>('images'),
    tags: table<ResourceTags>('tags', {
      indexes: { group: (row) => row.tags['aws:autoscaling:groupName'] },
    }),
    tokens: table<ClientTokenRecord>('client-tokens'),
    instances: table<InstanceRecord>('instances', { ...lagging, indexes: INSTANCE_INDEXES }),
    templates: table<LaunchTemplateRecord>('launch-templates', {
      ...lagging,
      indexes: { name: (row) => row.name },
    }),
    versions: table<LaunchTemplateVersionRecord>('launch-template-versions', {
      ...lagging,
      indexes: { template: (row) => row.templateId },
    }),
    groups: table<GroupRecord>('groups', {
      indexes: { targetGroup: (row) => row.targetGroups.map(({ arn }) => arn) },
    }),
    members: table<MemberRecord>('members', { ...lagging, ...byGroup }),
    activities: table<ActivityRecord>('activities', byGroup),
    configurations: table<LaunchConfigurationRecord>('launch-configurations'),
    policies: table<PolicyRecord>('policies', byGroup),
    scheduledActions: table<ScheduledActionRecord>('scheduled-actions', byGroup),
    hooks: table<HookRecord>('lifecycle-hooks', byGroup),
    lifecycleActions: table<LifecycleActionRecord>('lifecycle-actions', {
      indexes: { group: (row) => row.group, instance: (row) => row.instanceId },
    }),
    refreshes: table<RefreshRecord>('instance-refreshes', byGroup),
    warmPools: table<WarmPoolRecord>('warm-pools', byGroup),
    notifications: table<NotificationRecord>('notifications', byGroup),
    loadBalancers: table<LoadBalancerRecord>('load-balancers'),
    listeners: table<ListenerRecord>('listeners', {
      indexes: { loadBalancer: (row) => row.loadBalancerArn },
    }),
    rules: table<RuleRecord>('listener-rules', {
      indexes: { listener: (row) => row.listenerArn },
    }),
    targetGroups: table<TargetGroupRecord>('target-groups'),
    targets: table<TargetRecord>('targets', {
      ...lagging,
      indexes: { targetGroup: (row) => row.targetGroupArn, instance: (row) => row.instanceId },
    }),
    hostCounts: table<HostCount>('host-counts', {
      indexes: { targetGroup: (row) => row.targetGroupArn },
    }),
    elbTags: table<ElbTags>('elb-tags'),
    hostedZones: table<HostedZoneRecord>('hosted-zones'),
    recordSets: table<RecordSetRecord>('record-sets', {
      indexes: { zone: (row) => row.zoneId },
    }),
    parameters: table<ParameterRecord>('parameters'),
    quotas: table<QuotaRecord>('service-quotas'),
    alarms: table<AlarmRecord>('alarms'),
    metrics: table<MetricSeries>('metrics'),
    metricBuckets: table<MetricBucket>('metric-buckets', {
      indexes: { series: (row) => row.series },
    }),
  };
}
