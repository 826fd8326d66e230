import { fractionOf } from '../kernel/random.js';
import type { Store } from '../kernel/store.js';
import type { Table } from '../kernel/table.js';
import { TokenBuckets, type BucketSize } from './throttling.js';

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
  /** What chance follows from; absent: the stand-in's own seed. */
  readonly seed?: string;
  /** Simulated time, ISO 8601: only calls from `from` on, and before `until`. */
  readonly from?: string;
  readonly until?: string;
}

export type FaultEffect =
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly status: number;
      readonly message: string;
    }
  | { readonly kind: 'throttle' }
  /** Throttles as AWS does: only calls that find their token bucket empty. Without a size: AWS's own buckets. */
  | { readonly kind: 'bucket'; readonly size: BucketSize | undefined }
  /** The caller is not allowed to do it, in the words of the service. */
  | { readonly kind: 'deny' }
  | { readonly kind: 'reset' }
  /** The connection is ended in good order, without an answer. */
  | { readonly kind: 'close' }
  /** The connection stays open, and no answer comes. */
  | { readonly kind: 'silence' }
  /** The answer breaks off after so many bytes of its body. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** The call reads instances, members, targets and launch templates as they were so long ago. */
  | { readonly kind: 'stale'; readonly ageSeconds: number }
  /** Somebody else does something before (or after) the call. */
  | {
      readonly kind: 'operation';
      readonly service: string;
      readonly action: string;
      readonly input: Readonly<Record<string, unknown>>;
    }
  /** The call arrives twice: the other one has its effect too, before or after it, and nobody reads its answer. */
  | { readonly kind: 'duplicate' }
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

/** What else a rule looks at: when the call comes, and what it asks. */
export interface FaultMoment {
  readonly now: number;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The fault rules, oldest first. They belong to the world: a restart keeps them. */
export class Faults {
  readonly #rules: Table<FaultRule>;
  readonly #buckets = new TokenBuckets();

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
  strike(subject: FaultSubject, moment: FaultMoment): readonly FaultRule[] {
    return this.all().filter((rule) => {
      if (rule.times !== null && rule.fired >= rule.times) return false;
      if (!matches(rule.match, subject) || !isWithin(rule.match, moment.now)) return false;
      const matched = rule.matched + 1;
      const fires = this.#fires(rule, { subject, moment, matched });
      this.#rules.update(rule.id, { matched, fired: rule.fired + (fires ? 1 : 0) });
      return fires;
    });
  }

  #fires(
    rule: FaultRule,
    call: {
      readonly subject: FaultSubject;
      readonly moment: FaultMoment;
      readonly matched: number;
    },
  ): boolean {
    const { match, effect } = rule;
    if ((match.callNumber ?? call.matched) !== call.matched) return false;
    // With a seed of its own a rule strikes the same ones of its calls, whatever else is called.
    const chance =
      match.seed === undefined
        ? `${this.seed}:${rule.id}:${call.subject.n}`
        : `${match.seed}:${call.matched}`;
    if (fractionOf(chance) >= (match.probability ?? 1)) return false;
    if (effect.kind !== 'bucket') return true;
    const throttled = { ...call.subject, input: call.moment.input };
    return this.#buckets.isThrottled(throttled, {
      id: rule.id,
      size: effect.size,
      now: call.moment.now,
    });
  }
}

function isWithin({ from, until }: FaultMatch, now: number): boolean {
  return (
    (from === undefined || now >= Date.parse(from)) &&
    (until === undefined || now < Date.parse(until))
  );
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
