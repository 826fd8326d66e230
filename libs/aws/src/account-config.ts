/** One AWS account that may be worked on, by the name that pipelines use. */
export interface AccountConfig {
  readonly name: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly regions: readonly string[];
  /** Assumed with the ambient credentials; absent: the ambient credentials are the account's own. */
  readonly roleArn?: string;
  /** Sent with AssumeRole; only with `roleArn`. */
  readonly externalId?: string;
}
