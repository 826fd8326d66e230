import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';

/** The filters that a describe call knows, and what each is compared with; of several values any may match. */
export type FilterReaders<T> = Readonly<
  Record<string, (row: T) => string | readonly string[] | undefined>
>;

type Tags = Readonly<Record<string, string>>;

const VALUES_MAX = 200;

/**
 * The rows that all filters match. Filters are joined by "and", their values by "or"; `*` and `?` are wildcards and
 * case counts. A filter that the call does not know is refused, whether or not there is a row to look at; those by tag
 * are known where `tagsOf` says which tags a row has.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function filtered<T>(
  rows: readonly T[],
  filters: readonly Filter[] | undefined,
  by: { readonly readers: FilterReaders<T>; readonly tagsOf?: (row: T) => Tags },
): readonly T[] {
  const matchers = (filters ?? []).map((filter) => {
    const valuesOf = readerOf(filter.Name ?? '', by);
    const wanted = filter.Values ?? [];
    if (wanted.length > VALUES_MAX) {
      throw new AwsError(
        'FilterLimitExceeded',
        `The maximum number of filter values on a single call is ${VALUES_MAX}.`,
      );
    }
    return (row: T) =>
      valuesOf(row).some((value) => wanted.some((pattern) => matchesPattern(pattern, value)));
  });
  return matchers.length === 0
    ? rows
    : rows.filter((row) => matchers.every((matches) => matches(row)));
}

function readerOf<T>(
  name: string,
  by: { readonly readers: FilterReaders<T>; readonly tagsOf?: (row: T) => Tags },
): (row: T) => readonly string[] {
  const { readers, tagsOf } = by;
  if (tagsOf !== undefined && name.startsWith('tag:'))
    return (row) => listed(tagsOf(row)[name.slice(4)]);
  if (tagsOf !== undefined && name === 'tag-key') return (row) => Object.keys(tagsOf(row));
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader === undefined)
    throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return (row) => listed(reader(row));
}

function listed(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function matchesPattern(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}
