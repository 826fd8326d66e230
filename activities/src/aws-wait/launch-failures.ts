import type { ScalingActivityRecord } from '@gennaker/domain';

/** This many launches in a row must fail for a reason that waiting cannot cure (DESIGN D11). */
const incurableFailuresMin = 3;

/** Lack of capacity passes; AWS says "capacity" of quotas as well, so the words are exact. */
const capacity =
  /insufficient\s*\w*\s*capacity|InsufficientInstanceCapacity|do not have sufficient|capacity[ -]not[ -]available|insufficient free addresses/i;

const incurable: readonly (readonly [RegExp, string])[] = [
  [/not authorized|UnauthorizedOperation|AccessDenied|access denied|AuthFailure/i, 'authorisation'],
  [/KMS|Client\.InternalError|Client error on launch/i, 'encryption key'],
  [/InvalidAMIID|image id|\bAMI\b|architecture|virtualization type/i, 'image'],
  [/limit|quota|exceeded/i, 'quota'],
  [/does not exist|is not valid|InvalidParameter|Invalid IamInstanceProfile/i, 'launch setting'],
];

/** A row of failures that waiting cannot cure. */
export interface IncurableFailure {
  readonly reason: string;
  readonly failures: number;
  /** AWS's own words on the newest. */
  readonly message: string;
}

/**
 * What stands in the way for good, or null: the newest launches, all failed, none for lack of capacity. Activities that
 * have not ended do not count either way; only those since `since` (AWS's time) do. Pure.
 */
export function incurableFailure(
  newestFirst: readonly ScalingActivityRecord[],
  since: string,
): IncurableFailure | null {
  const ended = newestFirst.filter(
    ({ at, status, description }) =>
      Date.parse(at) >= Date.parse(since) &&
      ['Failed', 'Successful', 'Cancelled'].includes(status) &&
      /launch/i.test(description),
  );
  const others = ended.findIndex((activity) => reasonOf(activity) === null);
  const failures = others === -1 ? ended : ended.slice(0, others);
  const [newest] = failures;
  if (newest === undefined || failures.length < incurableFailuresMin) return null;
  return {
    reason: reasonOf(newest) ?? '',
    failures: failures.length,
    message: newest.message ?? newest.description,
  };
}

/** Null: it did not fail, or it failed for a reason that may pass. */
function reasonOf({ status, message, description }: ScalingActivityRecord): string | null {
  const words = `${message ?? ''} ${description}`;
  if (status !== 'Failed' || capacity.test(words)) return null;
  return incurable.find(([pattern]) => pattern.test(message ?? description))?.[1] ?? null;
}
