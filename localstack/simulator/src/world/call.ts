import type { Reading } from './reading.js';
import type { Scope } from './scope.js';

/** Who calls, where, and what the call may see. */
export interface Call {
  readonly scope: Scope;
  readonly reading: Reading;
  readonly accessKeyId: string;
  readonly requestId: string;
}

/** What an operation does: it reads and changes tables and returns the SDK's output, or throws an AwsError. */
export type Handler = (call: Call, input: never) => object;

/** The operations of a service by name. */
export type Handlers = Readonly<Record<string, Handler>>;
