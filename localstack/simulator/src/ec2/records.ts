import type {
  IpPermission,
  RegisterImageRequest,
  RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { ImageFault } from './image-fault-record.js';

export interface VpcRecord {
  readonly vpcId: string;
  readonly cidrBlock: string;
}

export interface SubnetRecord {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly zone: string;
}

export interface SecurityGroupRecord {
  readonly groupId: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** Each has one source only; replies put those of equal ports together. */
  readonly ingress: readonly IpPermission[];
  /** Absent: what every group begins with, all of it. */
  readonly egress?: readonly IpPermission[];
}

export interface ImageRecord {
  readonly imageId: string;
  readonly name: string;
  readonly request: RegisterImageRequest;
  readonly createdAt: number;
  readonly state: 'available' | 'deregistered';
  /** Instances of an image that is declared faulty never pass a health check. */
  readonly faulty: boolean;
  /** What else is wrong with it; absent: nothing. */
  readonly fault?: ImageFault;
}

/** The states of https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html. */
export type InstanceState =
  | 'pending'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'shutting-down'
  | 'terminated';

export interface InstanceRecord {
  readonly instanceId: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly privateIp: string;
  readonly securityGroupIds: readonly string[];
  readonly state: InstanceState;
  readonly launchedAt: number;
  /** From when on its application answers; absent: as soon as it runs. */
  readonly answersFrom?: number;
  readonly reason: string;
  readonly passesHealthChecks: boolean;
  readonly keyName?: string | undefined;
  readonly profileName?: string | undefined;
}

export interface LaunchTemplateRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly defaultVersion: number;
  /** The highest that is there. */
  readonly latestVersion: number;
  /** The highest that ever was: a number is not given twice. */
  readonly versionsMade: number;
}

export interface LaunchTemplateVersionRecord {
  readonly templateId: string;
  readonly version: number;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly data: RequestLaunchTemplateData;
}

/** The tags of one EC2 resource. */
export interface ResourceTags {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a client token stands for: the call's fingerprint, and what it had made. */
export interface ClientTokenRecord {
  readonly fingerprint: string;
  readonly resourceId: string;
  readonly version: number;
}
