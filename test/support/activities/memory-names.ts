import type { ServerGroupNames } from '@gennaker/activities';
import { formatServerGroupName, nextSequence } from '@gennaker/domain';

type Reserve = ServerGroupNames['reserveServerGroupName'];
type Peek = ServerGroupNames['peekServerGroupName'];

/** Names as the store reserves them, for one process: the same attempt gets the same name, and none is used twice. */
export class MemoryNames implements ServerGroupNames {
  readonly reserved = new Map<string, string>();
  #highest: number | null = null;

  readonly reserveServerGroupName: Reserve = async (wanted) => {
    const key = `${wanted.owner.executionId}/${wanted.owner.stage}/${wanted.attempt}`;
    const known = this.reserved.get(key);
    if (known !== undefined) return known;
    const sequence = nextSequence(this.#above(wanted.awsHighestSequence));
    this.#highest = sequence;
    const name = formatServerGroupName(wanted.cluster, sequence);
    this.reserved.set(key, name);
    return name;
  };

  readonly peekServerGroupName: Peek = async ({ cluster, awsHighestSequence }) =>
    formatServerGroupName(cluster, nextSequence(this.#above(awsHighestSequence)));

  #above(awsHighest: number | null): number | null {
    if (this.#highest === null || awsHighest === null) return this.#highest ?? awsHighest;
    return Math.max(this.#highest, awsHighest);
  }
}
