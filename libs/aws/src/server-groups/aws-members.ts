import type { AwsMembers, Json } from '@gennaker/domain';

/**
 * What the SDK read, as plain JSON under AWS's own names, without the members that only AWS sets, without what is absent,
 * and without empty lists: AWS shows an empty list where nothing is set, and some of its requests refuse one.
 */
export function membersOf(read: object, onlyAws: readonly string[] = []): AwsMembers {
  const entries = Object.entries(read).filter(([name]) => !onlyAws.includes(name));
  return Object.fromEntries(
    entries.flatMap(([name, value]: [string, unknown]) => {
      const json = jsonOf(value);
      return json === undefined ? [] : [[name, json] as const];
    }),
  );
}

/**
 * The members as a part of a request of the SDK. They come from AWS's own reply of the same shape (a test compares the
 * SDK's schemas), so this is where plain JSON becomes typed again.
 */
export function requestMembers<Request>(members: AwsMembers): Partial<Request> {
  return members as Partial<Request>;
}

function jsonOf(value: unknown): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    const items = value.flatMap((item: unknown) => jsonOf(item) ?? []);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value === 'object') return membersOf(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}
