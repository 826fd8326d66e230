import type { Json } from '@gennaker/domain';

import type { Database } from './database/database.js';
import { claimKey, findKey, type Claim, type EarlierUse } from './idempotency-keys.js';

/** Idempotency keys of requests whose effect is not in this database: the key says what was done for it. */
export interface RequestKeys {
  /** What the key stands for; undefined when it is free. */
  find<Outcome extends Json>(
    request: Omit<Claim<Outcome>, 'outcome'>,
  ): Promise<EarlierUse<Outcome> | undefined>;
  /** Takes the key for this outcome: null; or tells what it stands for already. Of two at once one takes it. */
  claim<Outcome extends Json>(claim: Claim<Outcome>): Promise<EarlierUse<Outcome> | null>;
}

export function createRequestKeys(database: Database): RequestKeys {
  return {
    find: (request) => findKey(database, request),
    claim: (claim) =>
      database.transaction('claim the idempotency key', (queries) => claimKey(queries, claim)),
  };
}
