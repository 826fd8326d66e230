/** A parameter with its versions, oldest first. */
export interface ParameterRecord {
  readonly name: string;
  readonly type: string;
  readonly versions: readonly {
    readonly version: number;
    readonly value: string;
    readonly dataType: string;
    readonly modifiedAt: number;
  }[];
}
