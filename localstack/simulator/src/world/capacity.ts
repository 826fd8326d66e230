import type { Store } from '../kernel/store.js';
import type { Table } from '../kernel/table.js';

/** Where nothing can be launched. Empty lists mean: all. */
export interface Shortage {
  readonly id: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
}

/** The capacity of the cloud: endless, but for the shortages that somebody has declared. */
export class Capacity {
  readonly #shortages: Table<Shortage>;

  constructor(store: Store) {
    this.#shortages = store.table<Shortage>('world/shortages');
  }

  all(): readonly Shortage[] {
    return this.#shortages.all();
  }

  has(region: string, zone: string, instanceType: string): boolean {
    return !this.all().some(
      (shortage) =>
        shortage.region === region &&
        matches(shortage.zones, zone) &&
        matches(shortage.instanceTypes, instanceType),
    );
  }

  /** Declares a shortage, or lifts those that the given one covers. A repeat changes nothing. */
  set(shortage: Omit<Shortage, 'id'>, available: boolean): void {
    if (!available) {
      const id = JSON.stringify([shortage.region, shortage.zones, shortage.instanceTypes]);
      this.#shortages.put(id, { ...shortage, id });
      return;
    }
    for (const declared of this.all()) {
      if (declared.region !== shortage.region) continue;
      const zones = without(declared.zones, shortage.zones);
      const isCovered =
        shortage.instanceTypes.length === 0 ||
        sameMembers(declared.instanceTypes, shortage.instanceTypes);
      if (!isCovered) continue;
      this.#shortages.delete(declared.id);
      if (zones.length > 0) this.set({ ...declared, zones }, false);
    }
  }
}

function matches(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.includes(value);
}

/** What is left of a list when some are lifted; lifting all, or lifting from "all", leaves nothing. */
function without(declared: readonly string[], lifted: readonly string[]): readonly string[] {
  return lifted.length === 0 ? [] : declared.filter((value) => !lifted.includes(value));
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value));
}
