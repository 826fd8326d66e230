import type { ServerGroupOwner } from '@gennaker/domain';
import { operationToken, type OwnerContext } from '../operation-identity.js';

/**
 * A launch template version has no tags: its description says who made it, and the token which operation. At most 255
 * characters. A wire contract: versions in the field carry it.
 */
export function descriptionOf({ executionId, stage, operationKey }: OwnerContext): string {
  return `Gennaker ${executionId} ${stage} ${operationToken(operationKey)}`;
}

/** Whether this very operation made the version. */
export function isDescribedAs(description: string | undefined, operationKey: string): boolean {
  return description?.endsWith(` ${operationToken(operationKey)}`) === true;
}

/** Whose operation made the version; null where the description is not one of ours. */
export function makerOf(description: string | undefined): ServerGroupOwner | null {
  const [, executionId, stage] =
    /^Gennaker (\S+) (\S+) [0-9a-f]{64}$/.exec(description ?? '') ?? [];
  return executionId === undefined || stage === undefined ? null : { executionId, stage };
}
