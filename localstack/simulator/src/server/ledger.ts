/** One call as it came in and as it was answered. `status` 0: no answer was sent. */
export interface LedgerEntry {
  readonly n: number;
  readonly time: string;
  readonly service: string;
  readonly action: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
  readonly invocationId: string | undefined;
  readonly attempt: number;
  readonly requestId: string;
  /** True when the call had its effect, whatever its caller was told. */
  readonly executed: boolean;
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly faultIds: readonly string[];
}

/** More calls than this push out the oldest. */
const ENTRIES_MAX = 200_000;

/** Every call, in the order of their answers; `n` counts arrivals. */
export class Ledger {
  #entries: LedgerEntry[] = [];
  #count = 0;

  get size(): number {
    return this.#count;
  }

  nextNumber(): number {
    this.#count += 1;
    return this.#count;
  }

  add(entry: LedgerEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > ENTRIES_MAX * 1.1) this.#entries = this.#entries.slice(-ENTRIES_MAX);
  }

  /** The calls with a number above `since`. */
  since(since: number): readonly LedgerEntry[] {
    return this.#entries.filter(({ n }) => n > since);
  }

  clear(): void {
    this.#entries = [];
    this.#count = 0;
  }
}
