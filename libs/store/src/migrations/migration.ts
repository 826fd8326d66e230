/** One step of the schema. Forward only and additive: the release before must run on the schema after it. */
export interface Migration {
  /** Counts from 1 without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
