import type { AccountConfig } from './account-config.js';
import type { AwsReads } from './aws-reads.js';
import type { AwsWrites } from './aws-writes.js';
import type { DnsReads } from './dns/dns-calls.js';
import type { AwsLogger, CallCounter } from './ports.js';
import type { SharedReader } from './looks/watch-event.js';

/** What {@link createAws} needs. */
export interface AwsOptions {
  readonly accounts: readonly AccountConfig[];
  /** A stand-in's address; absent: AWS. */
  readonly endpoint?: string | undefined;
  /** The ambient credentials; absent: the SDK's own chain. */
  readonly credentials?: AwsCredentials | undefined;
  /** Period of the shared reader, in seconds: 5, against a stand-in 1. */
  readonly pollSeconds: number;
  /** Our clock, in milliseconds since 1970; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  readonly logger?: AwsLogger | undefined;
  readonly counter?: CallCounter | undefined;
  /** How many workers share the rate budget now; default 1. Asked at each call. */
  readonly liveWorkers?: (() => number) | undefined;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** AWS as the configured accounts see it. */
export interface Aws {
  /** The same object for the same account and region. Throws ACCOUNT_NOT_FOUND naming what is configured. */
  region(account: string, region: string): AwsRegion;
  /** Ends readers and connections; calls in flight fail. A second call does nothing. */
  close(): void;
}

/** One account in one region. */
export interface AwsRegion extends AwsReads, AwsWrites, DnsReads {
  readonly account: string;
  readonly region: string;
  readonly reader: SharedReader;
  /** AWS's time now: the last Date header plus what has passed since; null before the first reply. */
  awsNow(): Date | null;
}
