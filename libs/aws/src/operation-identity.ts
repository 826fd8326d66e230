import { createHash } from 'node:crypto';
import type { OperationContext } from '@gennaker/contract/wire';
import {
  expiryTagKey,
  keptTagKey,
  pinTagKey,
  warmTagKey,
  weightsTagKey,
  type ServerGroupOwner,
} from '@gennaker/domain';

/** Tag keys on everything that we make (DESIGN D7). A wire contract: groups in the field carry them. */
export const ownerTagKeys = {
  execution: 'gennaker:execution',
  stage: 'gennaker:stage',
  operation: 'gennaker:operation',
  spec: 'gennaker:spec',
} as const;

/**
 * Besides the owner, on what is made for a server group and is not part of it (its alarms): the group's name, by which it is
 * found when the group is deleted, by whatever execution. A wire contract, too.
 */
export const serverGroupTagKey = 'gennaker:server-group';

/** Who makes a thing, by which step. The operation key is the plain one: only its hash reaches AWS. */
export type OwnerContext = Pick<OperationContext, 'executionId' | 'stage' | 'operationKey'>;

/** Tags by key. */
export type TagMap = Readonly<Record<string, string>>;

/** SHA-256 hex (64 characters) of the operation key: the ClientToken of EC2, the same on every repeat of the step. */
export function operationToken(operationKey: string): string {
  return sha256(operationKey);
}

/** SHA-256 hex of a specification, independent of the order of its keys. */
export function specHash(spec: object): string {
  return sha256(canonicalJson(spec));
}

/** The four owner tags. `spec` is what the thing is made from. */
export function ownerTags(context: OwnerContext, spec: object): TagMap {
  return {
    [ownerTagKeys.execution]: context.executionId,
    [ownerTagKeys.stage]: context.stage,
    [ownerTagKeys.operation]: operationToken(context.operationKey),
    [ownerTagKeys.spec]: specHash(spec),
  };
}

/** The owner named by the tags, or null for things made by others. */
export function ownerOf(tags: TagMap): ServerGroupOwner | null {
  const executionId = tags[ownerTagKeys.execution];
  const stage = tags[ownerTagKeys.stage];
  return executionId === undefined || stage === undefined ? null : { executionId, stage };
}

/** Whether the tags name this owner (execution and stage): decides adoption across attempts. */
export function isOwnedBy(
  tags: TagMap,
  context: Pick<OwnerContext, 'executionId' | 'stage'>,
): boolean {
  const owner = ownerOf(tags);
  return owner?.executionId === context.executionId && owner.stage === context.stage;
}

/** Whether the tags are of this very step: a repeat of it may carry on with the thing. */
export function isMadeByOperation(tags: TagMap, operationKey: string): boolean {
  return tags[ownerTagKeys.operation] === operationToken(operationKey);
}

/** Whether a tag key is one of ours: what a clone must not have of its original. */
export function isOwnerTagKey(key: string): boolean {
  const others: readonly string[] = [
    expiryTagKey,
    keptTagKey,
    serverGroupTagKey,
    weightsTagKey,
    warmTagKey,
    pinTagKey,
  ];
  return others.includes(key) || Object.values<string>(ownerTagKeys).includes(key);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** JSON with sorted keys; what is undefined is left out, as JSON does. */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null || value instanceof Date) {
    return JSON.stringify(value) ?? 'null';
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const members = entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${members.join(',')}}`;
}
