import type { ResourceRecordSet } from '@aws-sdk/client-route-53';

export interface HostedZoneRecord {
  /** Without `/hostedzone/`. */
  readonly id: string;
  /** In small letters, with the dot at its end. */
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string | undefined;
  readonly isPrivate: boolean;
}

export interface RecordSetRecord {
  readonly zoneId: string;
  readonly set: ResourceRecordSet;
}
