import type { FaultPlace, ProblemFault } from '@gennaker/contract';
import type { z } from 'zod';

/** One step of a path; the Standard Schema allows a bare key or an object that holds it. */
type PathStep = PropertyKey | { readonly key: PropertyKey };

/** An issue as zod tells it through the Standard Schema. */
interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly PathStep[] | undefined;
}

/** Faults with JSON pointers from the issues of a schema: unknown fields one by one, unions by their best fit. */
export function schemaFaults(
  issues: readonly SchemaIssue[],
  place: FaultPlace,
  prefix: readonly PathStep[] = [],
): readonly ProblemFault[] {
  return issues.flatMap((issue): readonly ProblemFault[] => {
    const path = [...prefix, ...(issue.path ?? [])];
    const known = issue as z.core.$ZodIssue;
    if (known.code === 'unrecognized_keys') {
      return known.keys.map((key) => fault(place, [...path, key], 'unknown field'));
    }
    if (known.code === 'invalid_union') {
      const best = known.errors.toSorted((one, other) => one.length - other.length)[0];
      if (best !== undefined && best.length > 0) return schemaFaults(best, place, path);
    }
    return [fault(place, path, issue.message)];
  });
}

/** A JSON pointer (RFC 6901): `~` and `/` in keys are escaped. */
export function jsonPointer(path: readonly PathStep[]): string {
  return path
    .map((step) => String(typeof step === 'object' ? step.key : step))
    .map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function fault(place: FaultPlace, path: readonly PathStep[], detail: string): ProblemFault {
  return { in: place, pointer: jsonPointer(path), detail };
}
