import { fractionOf } from '../kernel/random.js';
import type { Store } from '../kernel/store.js';
import type { Table } from '../kernel/table.js';

/** Which calls a fault strikes; what is absent matches everything. */
export interface FaultMatch {
  readonly service?: string;
  readonly action?: string;
  readonly region?: string;
  readonly account?: string;
  /** A glob over the names, ids and ARNs that the call carries. */
  readonly resource?: string;
  /** Only the n-th call that all the rest matches, counting from 1. */
  readonly callNumber?: number;
  /** Only the n-th attempt of one send of the SDK. */
  readonly attempt?: number;
  readonly probability?: number;
}

export type FaultEffect =
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly status: number;
      readonly message: string;
    }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'delay'; readonly milliseconds: number };

/** Before the call has its effect, after it (the reply is lost or replaced), or instead of it. */
export type FaultPoint = 'before' | 'after' | 'instead';

export interface FaultRule {
  readonly id: string;
  readonly match: FaultMatch;
  readonly point: FaultPoint;
  readonly effect: FaultEffect;
  /** It strikes at most so often; `null`: always. */
  readonly times: number | null;
  readonly matched: number;
  readonly fired: number;
}

export interface FaultSubject {
  readonly n: number;
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly account: string;
  readonly resources: readonly string[];
  readonly attempt: number;
}

/** The fault rules, oldest first. They belong to the world: a restart keeps them. */
export class Faults {
  readonly #rules: Table<FaultRule>;

  constructor(
    store: Store,
    private readonly seed: string,
  ) {
    this.#rules = store.table<FaultRule>('world/faults');
  }

  all(): readonly FaultRule[] {
    return this.#rules.all();
  }

  add(rule: Pick<FaultRule, 'id' | 'match' | 'point' | 'effect' | 'times'>): FaultRule {
    const added = { ...rule, matched: 0, fired: 0 };
    this.#rules.put(rule.id, added);
    return added;
  }

  /** Removes one rule, or all; false when there is none of that id. */
  remove(id?: string): boolean {
    if (id !== undefined && this.#rules.find(id) === undefined) return false;
    for (const key of id === undefined ? this.#rules.keys() : [id]) this.#rules.delete(key);
    return true;
  }

  /** The rules that strike this call; each is counted. */
  strike(subject: FaultSubject): readonly FaultRule[] {
    return this.all().filter((rule) => {
      if (rule.times !== null && rule.fired >= rule.times) return false;
      if (!matches(rule.match, subject)) return false;
      const matched = rule.matched + 1;
      const fires =
        (rule.match.callNumber ?? matched) === matched &&
        fractionOf(`${this.seed}:${rule.id}:${subject.n}`) < (rule.match.probability ?? 1);
      this.#rules.update(rule.id, { matched, fired: rule.fired + (fires ? 1 : 0) });
      return fires;
    });
  }
}

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  return (
    (match.service ?? subject.service) === subject.service &&
    (match.action === undefined || globMatches(match.action, subject.action)) &&
    (match.region ?? subject.region) === subject.region &&
    (match.account ?? subject.account) === subject.account &&
    (match.attempt ?? subject.attempt) === subject.attempt &&
    (match.resource === undefined ||
      subject.resources.some((name) => globMatches(match.resource ?? '', name)))
  );
}

function globMatches(glob: string, text: string): boolean {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
