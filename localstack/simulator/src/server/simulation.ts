import { rmSync } from 'node:fs';
import type { ClockSetting } from '../kernel/clock.js';
import { behaviour } from '../world/behaviour.js';
import type { Adversity } from '../world/reading.js';
import { World } from '../world/world.js';
import { Faults } from './faults.js';
import { Holds } from './holds.js';
import { Ledger } from './ledger.js';

export interface SimulationOptions {
  readonly clock: ClockSetting;
  readonly seed: string;
  readonly dataFile: string | undefined;
  readonly adversity: Adversity;
}

/** A wake-up is never planned further ahead than this: timers count in 32 bits. */
const SLEEP_MS_MAX = 60_000;

/** A world with what is done to it from outside: faults, holds, the ledger, and the passing of real time. */
export class Simulation {
  readonly ledger = new Ledger();
  readonly holds = new Holds();
  #world: World;
  #faults: Faults;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly options: SimulationOptions) {
    this.#world = this.#open();
    this.#faults = new Faults(this.#world.store, options.seed);
    this.settle();
  }

  get world(): World {
    return this.#world;
  }

  get faults(): Faults {
    return this.#faults;
  }

  /** Lets everything happen that is due, puts it on disk, and plans to wake up for what comes next. */
  settle(): void {
    this.#world.catchUp();
    this.#world.commit();
    this.#planWakeUp();
  }

  /** Begins anew: an empty world at the present time, no faults, nothing held. */
  reset(): void {
    this.holds.releaseAll('reset');
    this.ledger.clear();
    this.#world.close();
    if (this.options.dataFile !== undefined) rmSync(this.options.dataFile, { force: true });
    this.#world = this.#open();
    this.#faults = new Faults(this.#world.store, this.options.seed);
    this.settle();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.holds.releaseAll('reset');
    this.#world.close();
  }

  #open(): World {
    return new World({
      clock: this.options.clock,
      seed: this.options.seed,
      dataFile: this.options.dataFile,
      behaviour,
      appStartSeconds: this.options.adversity.appStartSeconds,
    });
  }

  #planWakeUp(): void {
    clearTimeout(this.#timer);
    const nextAt = this.#world.queue.nextAt();
    const delay =
      nextAt === undefined ? undefined : this.#world.clock.realMillisecondsUntil(nextAt);
    if (delay === undefined) return;
    this.#timer = setTimeout(() => this.settle(), Math.min(SLEEP_MS_MAX, Math.ceil(delay)));
    this.#timer.unref();
  }
}
