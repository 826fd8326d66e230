import type { HealthAliases } from '@gennaker/domain';
import type { CallOptions } from '../call-options.js';

/** Reads of Route 53, which is the same from every region of an account. */
export interface DnsReads {
  /**
   * Records of type A and AAAA in the account's hosted zones, public and private, that are aliases of one of these load
   * balancers (DNS names, in any case, with or without `dualstack.` and the dot at the end) and evaluate their target's
   * health: ListHostedZones, and ListResourceRecordSets of each zone that has records of its own, one after another. Read
   * anew each time: who has just changed a record wants to see that, and nobody asks more often than he looks at a plan.
   * Throws INVALID_REQUEST where it would take more than 30 calls, AWS_UNAVAILABLE when it is not done within 10 s,
   * AWS_DENIED.
   */
  findHealthAliases(dnsNames: readonly string[], options: CallOptions): Promise<HealthAliases>;
}
