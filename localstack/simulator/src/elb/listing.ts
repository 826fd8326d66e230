import type { AwsError } from '../wire/aws-error.js';

interface Named {
  readonly arn: string;
  readonly name: string;
}

interface Selection {
  readonly arns: readonly string[] | undefined;
  readonly names: readonly string[] | undefined;
  readonly notFound: (subject: string) => AwsError;
}

/** The rows that a describe call names by ARN or name, or all. One that is not there refuses the whole call. */
export function listed<T extends Named>(rows: readonly T[], selection: Selection): readonly T[] {
  const find = (subject: string, matches: (row: T) => boolean): T => {
    const row = rows.find(matches);
    if (row === undefined) throw selection.notFound(subject);
    return row;
  };
  if (selection.arns !== undefined)
    return selection.arns.map((arn) => find(arn, (row) => row.arn === arn));
  if (selection.names !== undefined)
    return selection.names.map((name) => find(name, (row) => row.name === name));
  return rows;
}
