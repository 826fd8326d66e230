import { parseExecutionId, type ExecutionId } from '@gennaker/domain';
import { monotonicFactory } from 'ulid';

const nextUlid = monotonicFactory();

/** A new execution id: a ULID, larger than every one that this process made before, also when the clock steps back. */
export function newExecutionId(): ExecutionId {
  const text = nextUlid();
  const id = parseExecutionId(text);
  if (id === undefined) throw new Error(`made an execution id that is none: ${text}`);
  return id;
}
