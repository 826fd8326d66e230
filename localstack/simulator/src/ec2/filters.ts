import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';

/** How a filter's name is read from a resource; several values mean that any of them may match. */
export type Readers = Readonly<Record<string, () => string | readonly string[] | undefined>>;

const VALUES_MAX = 200;

/**
 * Filters are joined by "and", their values by "or"; `*` and `?` are wildcards and case counts.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function matchesFilters(
  filters: readonly Filter[] | undefined,
  readers: Readers,
  tags: Readonly<Record<string, string>> = {},
): boolean {
  return (filters ?? []).every((filter) => {
    const name = filter.Name ?? '';
    const wanted = filter.Values ?? [];
    if (wanted.length > VALUES_MAX) {
      throw new AwsError(
        'FilterLimitExceeded',
        `The maximum number of filter values on a single call is ${VALUES_MAX}.`,
      );
    }
    const found = read(name, readers, tags);
    return found.some((value) => wanted.some((pattern) => matchesPattern(pattern, value)));
  });
}

function read(
  name: string,
  readers: Readers,
  tags: Readonly<Record<string, string>>,
): readonly string[] {
  if (name.startsWith('tag:')) return listed(tags[name.slice(4)]);
  if (name === 'tag-key') return Object.keys(tags);
  const reader = readers[name];
  if (reader === undefined)
    throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return listed(reader());
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
