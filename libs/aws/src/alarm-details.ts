/** A metric alarm of CloudWatch (DescribeAlarms). */
export interface AlarmDetails {
  readonly name: string;
  readonly arn: string;
  /** OK, ALARM or INSUFFICIENT_DATA. */
  readonly state: string;
  /** CloudWatch's own words on the state, at most 1,023 characters. */
  readonly stateReason: string;
}

/** Which alarms are read: by name (unknown ones are left out), or all whose name begins so. */
export type AlarmQuery = { readonly names: readonly string[] } | { readonly namePrefix: string };
