import type { Table } from '../kernel/table.js';
import { AwsError } from '../wire/aws-error.js';

/** The rows that a describe call names, or all when it names none. One unknown id refuses the whole call. */
export function selectById<T extends object>(
  table: Table<T>,
  ids: readonly string[] | undefined,
  unknown: { readonly code: string; readonly label: string },
): readonly T[] {
  if (ids === undefined || ids.length === 0) return table.all();
  return ids.map((id) => {
    const row = table.find(id);
    if (row === undefined)
      throw new AwsError(unknown.code, `The ${unknown.label} '${id}' does not exist`);
    return row;
  });
}
