import { GennakerError } from '@gennaker/domain';

/** A field that AWS always sends; its absence means a broken reply (AWS_UNAVAILABLE). */
export function requiredField<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw new GennakerError('AWS_UNAVAILABLE', `AWS sent a reply without ${name}.`, {
    details: { field: name },
  });
}

/** Tags of EC2 and Auto Scaling as a map; tags without a key are no tags. */
export function tagMap(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tags.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])),
  );
}
