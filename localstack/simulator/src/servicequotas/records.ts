/** The value of a quota that was applied to an account in a region. */
export interface QuotaRecord {
  readonly serviceCode: string;
  readonly quotaCode: string;
  readonly value: number;
}
