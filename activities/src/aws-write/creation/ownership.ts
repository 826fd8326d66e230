import { isMadeByOperation, ownerOf, type TagMap } from '@gennaker/aws';
import type { OperationContext } from '@gennaker/contract/wire';
import { GennakerError } from '@gennaker/domain';

/** Returns if this very step made the thing; else throws NAME_CONFLICT naming who did. */
export function assertMadeByThisStep(
  what: { readonly kind: string; readonly name: string },
  tags: TagMap,
  context: OperationContext,
): void {
  if (isMadeByOperation(tags, context.operationKey)) return;
  throw nameConflict(what, tags);
}

/** NAME_CONFLICT, naming the owner that the tags tell. */
export function nameConflict(
  what: { readonly kind: string; readonly name: string },
  tags: TagMap,
): GennakerError {
  const owner = ownerOf(tags);
  const whose =
    owner === null
      ? 'made by someone else (it has none of our tags)'
      : `of execution ${owner.executionId}, stage ${owner.stage}`;
  return new GennakerError(
    'NAME_CONFLICT',
    `${what.kind} ${what.name} exists and is ${whose}; it is left as it is. ` +
      'Retry the stage: the next attempt takes another name.',
    { details: { kind: what.kind, name: what.name, owner: owner === null ? null : { ...owner } } },
  );
}
