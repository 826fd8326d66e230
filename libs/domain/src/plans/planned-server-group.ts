import type { PlannedCarriedOver } from '../carry/planned-carried-over.js';
import type { Capacity } from '../groups/cluster.js';

/** Settings that a server group has, and that the next one gets from it. */
export interface ServerGroupSettings {
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly suspendedProcesses: readonly string[];
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  /** Auto Scaling DefaultCooldown, in seconds. */
  readonly cooldownSeconds: number;
  readonly terminationPolicies: readonly string[];
  /** Tags carried over from the source, without ours and without `aws:` ones. */
  readonly tags: readonly PlannedTag[];
  readonly launchTemplate: PlannedLaunchTemplate;
}

/** The new server group (of a rollback: the one that comes back): everything that its creation needs, resolved to ids. */
export interface PlannedServerGroup extends ServerGroupSettings {
  readonly serverGroup: string;
  readonly imageId: string;
  readonly capacity: Capacity;
  readonly targetHealthyPercent: number;
  /** Everything else that it gets from the source; absent without a source, and in plans of releases that copied nothing. */
  readonly carriedOver?: PlannedCarriedOver;
  /** Of a temporary one: when nobody needs it any more, ISO 8601 (its expiry tag). */
  readonly expiresAt?: string;
}

export interface PlannedTag {
  readonly key: string;
  readonly value: string;
  readonly propagateAtLaunch: boolean;
}

/** Where the new launch template comes from: a clone of a numbered version plus overrides, or nothing. */
export interface PlannedLaunchTemplate {
  readonly clonedFrom: { readonly launchTemplateId: string; readonly version: string } | null;
  /** The launch configuration that is cloned, where the source has no launch template. */
  readonly clonedFromConfiguration?: string;
  readonly instanceType: string | null;
  readonly securityGroupIds: readonly string[] | null;
  readonly keyName: string | null;
  readonly iamInstanceProfile: string | null;
}
