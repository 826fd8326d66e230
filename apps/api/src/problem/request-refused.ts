import type { JsonObject } from '@gennaker/domain';
import type { ProblemCode, ProblemFault } from '@gennaker/contract';

/** What a refusal carries beside its code and its sentence. */
export interface RefusalParts {
  readonly faults?: readonly ProblemFault[];
  readonly details?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly executionId?: string;
  readonly cause?: unknown;
}

/** A request that is answered with problem details; thrown by what stands between HTTP and the services. */
export class RequestRefused extends Error {
  readonly code: ProblemCode;
  readonly faults: readonly ProblemFault[];
  readonly details: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  readonly executionId: string | undefined;

  constructor(code: ProblemCode, detail: string, parts: RefusalParts = {}) {
    super(detail, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'RequestRefused';
    this.code = code;
    this.faults = parts.faults ?? [];
    this.details = parts.details ?? {};
    this.headers = parts.headers ?? {};
    this.executionId = parts.executionId;
  }
}
